const kinds = {
  it: ["index", "regioni/12-lazio", "province/058-roma", "patronati", "patronati/acli", "formazione", "protocollo", "proposte", "indicatori/no_show_rate", "indicatori/onsite_wait_minutes", "confronta", "qualita-dati", "arrivi/2025-11", "metodo"],
  en: ["index", "regions/12-lazio", "provinces/058-roma", "patronati", "patronati/acli", "training", "protocol", "proposals", "indicators/no_show_rate", "indicators/onsite_wait_minutes", "compare", "data-quality", "arrivals/2025-11", "method"],
};

// Pages of the pack of one territory, as the same kinds look there: in one language.
const pack = {
  it: ["province/058-roma", "indicatori/no_show_rate", "qualita-dati", "metodo"],
  en: [],
};

// paper is the width of an A4 sheet between its margins, in CSS pixels.
const paper = 703;

// look judges each kind of page of a language in light and dark, and then checks that a phone
// of 320 CSS pixels has nothing to scroll sideways, and that a sheet of paper holds all.
export async function look({ browser, open, wake, judge, picture, problems }, lang) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
  for (const path of [...kinds[lang].map((kind) => `${lang}/${kind}`), ...pack[lang].map((kind) => `packs/058-roma/${lang}/${kind}`)]) {
    const page = await open(context, path);
    await wake(page, path);
    await judge(page, path, "light");
    await picture(page, path, "light");
    await page.emulateMedia({ colorScheme: "dark" });
    await judge(page, path, "dark");
    if (lang === "it") await picture(page, path, "dark");
    await page.setViewportSize({ width: 320, height: 640 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 320) problems.push(`${path}: ${width} px wide on a screen of 320`);
    const mirrored = await page.evaluate(() => [...document.querySelectorAll(".canvas > *")].filter((drawing) => getComputedStyle(drawing).direction !== "ltr").length);
    if (mirrored > 0) problems.push(`${path}: ${mirrored} charts write their numbers from right to left, "% 10" for "10 %"`);
    if (lang === "it") await picture(page, path, "phone");
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    await page.setViewportSize({ width: paper, height: 1000 });
    const printed = await page.evaluate(() => document.documentElement.scrollWidth);
    if (printed > paper) problems.push(`${path}: ${printed} px wide on a sheet of ${paper}, on which a browser prints it smaller`);
    if (lang === "en") await picture(page, path, "paper");
    await page.close();
  }
  await context.close();
}

// still checks that without script every chart is there, drawn.
export async function still({ browser, open, problems }) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await open(context, "it/indicatori/no_show_rate");
  const figures = await page.locator("figure").count();
  const drawn = await page.locator("figure svg[role] >> visible=true").count();
  if (figures < 5 || drawn !== figures) problems.push(`without script ${drawn} of ${figures} charts are to be seen`);
  for (const media of ["screen", "print"]) {
    await page.emulateMedia({ media });
    const stretched = await page.locator(".chart-svg").evaluateAll((all) => all.filter((svg) => {
      const { width, height } = svg.getBoundingClientRect(), frame = svg.viewBox.baseVal;
      return Math.abs(height - width * frame.height / frame.width) > 1;
    }).map((svg) => svg.closest("figure").id));
    if (stretched.length > 0) problems.push(`on ${media} there is room left by the drawings of ${stretched.join(", ")}`);
  }
  await context.close();
}
