// What is chosen on a page of a built site: an indicator for a map, a period for the table
// and the figures of comparison.

// choosesMap chooses an indicator for the map of the national page: by keyboard, by an
// address and by going back. What it shows then is what the page of the indicator does.
export async function choosesMap({ browser, root, open, judge, picture, problems }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  for (const [lang, folder] of [["it", "indicatori"], ["en", "indicators"]]) {
    const path = `${lang}/index`, page = await open(context, path), said = page.locator(".choice .finding");
    const first = await said.textContent();
    if (!first || !await page.locator(".choice .map").isVisible()) problems.push(`${path}: no map to choose`);
    await page.locator("#chosen-indicator").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => location.hash.startsWith("#i="), null, { timeout: 5000 }).catch(() => problems.push(`${path}: a choice by keyboard is not in the address`));
    const passed = await said.textContent();
    if (passed === first || await said.getAttribute("role") !== "status") problems.push(`${path}: a choice is not told: "${passed}"`);
    await judge(page, `${path} with another map`, "light");
    await page.goBack();
    await page.waitForFunction((text) => document.querySelector(".choice .finding").textContent === text, first, { timeout: 5000 })
      .catch(async () => problems.push(`${path}: going back from "${passed}" leads to "${await said.textContent()}"`));
    await page.goto("about:blank");
    await page.goto(`${root}${path}.html#i=no_show_rate`);
    if (!await page.evaluate(() => { const { top, bottom } = document.querySelector(".choice").getBoundingClientRect(); return top < innerHeight && bottom > 0; })) problems.push(`${path}: the map of the address is not in sight`);
    const map = () => [...document.querySelectorAll(":is(.choice, #map-figure) .map a")].map((area) => `${area.getAttribute("aria-label")} ${area.lastElementChild.getAttribute("class")}`);
    const shown = await page.evaluate(map), legend = await page.locator(".choice .legend").innerText();
    const other = await page.locator(".languages a").getAttribute("href");
    if (!other.endsWith("#i=no_show_rate")) problems.push(`${path}: the other language forgets what was chosen: ${other}`);
    await picture(page, path, "choice");
    await page.setViewportSize({ width: 320, height: 640 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 320) problems.push(`${path}: with a map chosen ${width} px wide on a screen of 320`);
    await page.emulateMedia({ media: "print" });
    if (!await page.locator(".choice .map").isVisible() || await page.locator("#chosen-indicator").isVisible()) problems.push(`${path}: paper has the choice, not what was chosen`);
    await page.goto(`${root}${path}.html#i=<img>`);
    await page.reload();
    if (await page.locator("main img").count() !== 0 || await said.textContent() !== first) problems.push(`${path}: an address that names nothing shows "${await said.textContent()}"`);
    if (await page.locator(".choice").isVisible()) problems.push(`${path}: paper has a map that nobody chose`);
    await page.close();
    const own = await open(context, `${lang}/${folder}/no_show_rate`);
    if (shown.length < 18 || JSON.stringify(shown) !== JSON.stringify(await own.evaluate(map))) problems.push(`${path}: the map of the address is ${shown.join(" / ")}`);
    if (legend !== await own.locator("#map-figure .legend").innerText()) problems.push(`${path}: the legend of the address is ${legend}`);
    await own.close();
  }
  await context.close();
  const plain = await browser.newContext({ javaScriptEnabled: false }), quiet = await open(plain, "it/index");
  if (await quiet.locator(".choice").isVisible() || !await quiet.locator("[data-map-links]").isVisible()) problems.push("without script the national page has a choice of maps that does nothing, or no links to them");
  await plain.close();
}

// choosesProvinces chooses an indicator for the provinces of a region: on the map that is
// cut out of configured boundaries, and on the tiles of a pack that has none. What they
// say is what the rows of the table beside them do.
export async function choosesProvinces({ browser, open, judge, picture, problems }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  for (const [path, areas] of [["it/regioni/12-lazio", ".choice svg.map"], ["en/regions/12-lazio", ".choice svg.map"], ["packs/12-lazio/it/regioni/12-lazio", ".choice .cells"]]) {
    const page = await open(context, path), said = page.locator(".choice .finding");
    const shown = () => page.locator(`${areas} a`).evaluateAll((all) => all.map((area) => area.title ? `${area.querySelector("span").textContent}: ${area.querySelector("b").textContent}` : area.getAttribute("aria-label").replace(/( \(|, ).*/, "")));
    const rows = () => page.locator(".choice tbody tr").evaluateAll((all) => all.map((row) => `${row.cells[0].textContent}: ${row.cells[1].textContent}`));
    const first = await shown(), finding = await said.textContent();
    if (first.length !== 5 || JSON.stringify(first) !== JSON.stringify(await rows())) problems.push(`${path}: the map says ${first.join(" / ")}`);
    await page.locator("#chosen-indicator").focus();
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => location.hash.startsWith("#i="), null, { timeout: 5000 }).catch(() => problems.push(`${path}: a choice by keyboard is not in the address`));
    const second = await shown();
    if (JSON.stringify(second) === JSON.stringify(first) || JSON.stringify(second) !== JSON.stringify(await rows())) problems.push(`${path}: with another indicator the map says ${second.join(" / ")}`);
    if (await said.getAttribute("role") !== "status") problems.push(`${path}: a choice is not told`);
    await judge(page, `${path} with another indicator`, "light");
    await page.emulateMedia({ colorScheme: "dark" });
    await judge(page, `${path} with another indicator`, "dark");
    await picture(page, path, "provinces");
    await page.emulateMedia({ media: "print" });
    if (!await page.locator(areas).isVisible() || await page.locator("#chosen-indicator").isVisible()) problems.push(`${path}: paper has the choice, not what was chosen`);
    await page.goBack();
    await page.waitForFunction((text) => document.querySelector(".choice .finding").textContent === text, finding, { timeout: 5000 }).catch(() => problems.push(`${path}: going back does not undo the choice of an indicator`));
    if (!await page.locator(areas).isVisible()) problems.push(`${path}: paper lacks the map that the page has`);
    await page.close();
    const plain = await browser.newContext({ javaScriptEnabled: false }), quiet = await open(plain, path);
    if (await quiet.locator("#chosen-indicator").isVisible() || !await quiet.locator(areas).isVisible()) problems.push(`${path}: without script there is a choice that does nothing, or no map`);
    await plain.close();
  }
  await context.close();
}

// choosesPeriod chooses the period of the table of territories: by keyboard, by an address
// and by going back; order and filter stay as they were.
export async function choosesPeriod({ browser, root, open, judge, picture, problems }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: false });
  for (const [lang, folder] of [["it", "indicatori"], ["en", "indicators"]]) {
    const path = `${lang}/${folder}/no_show_rate`, page = await open(context, path), said = page.locator("[data-periods] [role=status]");
    const table = () => page.locator("#territory-table tbody").evaluate((body) => [...body.rows].map((row) => row.outerHTML).join("\n"));
    const caption = page.locator("#territory-table caption"), first = await table(), firstCaption = await caption.textContent();
    await page.locator("#chosen-period").focus();
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => location.hash.startsWith("#p="), null, { timeout: 5000 }).catch(() => problems.push(`${path}: a choice by keyboard is not in the address`));
    const address = await page.evaluate(() => location.hash);
    if (await caption.textContent() === firstCaption || await table() === first) problems.push(`${path}: another period shows the same table`);
    if (!await said.textContent() || !(await page.locator(".languages a").getAttribute("href")).endsWith(address)) problems.push(`${path}: a choice of a period is not told, or forgotten by the other language`);
    await judge(page, `${path} in another period`, "light");
    await page.emulateMedia({ colorScheme: "dark" });
    await judge(page, `${path} in another period`, "dark");
    await page.goBack();
    await page.waitForFunction((text) => document.querySelector("#territory-table caption").textContent === text, firstCaption, { timeout: 5000 })
      .catch(() => problems.push(`${path}: going back does not undo the choice of a period`));
    if (await table() !== first) problems.push(`${path}: after going back the table is not what it was`);
    await page.goto("about:blank");
    await page.goto(`${root}${path}.html#p=2025-12`);
    if (!(await caption.textContent()).includes("2025") || await caption.textContent() === firstCaption) problems.push(`${path}: the period of the address is not shown: ${await caption.textContent()}`);
    if (!await page.evaluate(() => { const { top, bottom } = document.querySelector("[data-periods]").getBoundingClientRect(); return top < innerHeight && bottom > 0; })) problems.push(`${path}: the period of the address is not in sight`);
    const withheld = await page.locator("#territory-table .class-hidden").allTextContents();
    if (withheld.length === 0 || withheld.some((text) => /[0-9]/.test(text))) problems.push(`${path}: withheld in another period: ${withheld.join(" / ")}`);
    await picture(page, path, "period");
    await page.locator("#territories input").fill("ro");
    const cells = await page.locator("#territory-table").evaluate((shown) => [...shown.rows].filter((row) => !row.hidden).map((row) => [...row.cells].map((cell) => cell.textContent.replace(/\s/g, ""))));
    // The text is read as the browser is given it, and the download itself is refused: nothing
    // depends on whether and where a headless browser writes a file.
    await page.evaluate(() => {
      const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => { window.given = blob.arrayBuffer().then((bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)); return make.call(URL, blob); };
    });
    const separator = lang === "it" ? ";" : ",", downloads = page.waitForEvent("download").catch(() => null);
    await page.locator("#territories .download button").click();
    const called = (await downloads)?.suggestedFilename(), text = await page.evaluate(() => window.given ?? "");
    const lines = text.replace("\ufeff", "").trimEnd().split("\r\n");
    const fields = lines.map((line) => (line.match(new RegExp(`(?:^|${separator})("(?:[^"]|"")*"|[^${separator}]*)`, "g")) || []).map((field) => field.replace(new RegExp(`^${separator}`), "").replace(/^"|"$/g, "").replace(/\s|·/g, "")));
    if (cells.length < 3 || JSON.stringify(fields) !== JSON.stringify(cells)) problems.push(`${path}: the file of another period has ${lines.slice(0, 4).join(" / ")} for ${cells.slice(0, 4).join(" / ")}`);
    if (called !== "no_show_rate-2025-12.csv" || !text.startsWith("\ufeff") || await page.locator("#territories .download a").first().isVisible()) problems.push(`${path}: the file of another period is called ${called}, or those of the page are offered beside it`);
    await page.locator("#territories input").fill("");
    await page.locator("#territory-table th button").nth(2).click();
    await page.locator("#chosen-period").selectOption({ index: 1 });
    const sizes = await page.locator("#territory-table tbody tr td:nth-child(3)").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.sort ?? (cell.textContent.replace(/[.,]/g, "") || "x"))).filter((n) => !isNaN(n)));
    if (sizes.length < 50 || sizes.some((n, i) => i > 0 && n > sizes[i - 1])) problems.push(`${path}: another period is not in the order that was asked for`);
    await page.setViewportSize({ width: 320, height: 640 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 320) problems.push(`${path}: in another period ${width} px wide on a screen of 320`);
    await page.emulateMedia({ media: "print" });
    if (await page.locator("#chosen-period").isVisible() || !await caption.isVisible()) problems.push(`${path}: paper has the choice of a period, or does not say which`);
    await page.goto(`${root}${path}.html#p=<img>`);
    await page.reload();
    if (await page.locator("main img").count() !== 0 || await caption.textContent() !== firstCaption) problems.push(`${path}: an address that names no period shows "${await caption.textContent()}"`);
    await page.close();
  }
  await context.close();
  const plain = await browser.newContext({ javaScriptEnabled: false }), quiet = await open(plain, "it/indicatori/no_show_rate");
  if (await quiet.locator("#chosen-period").isVisible() || !await quiet.locator("#territory-table").isVisible()) problems.push("without script the page of an indicator has a choice that does nothing, or no table");
  await plain.close();
}

// figuresOf reads what the figures of comparison show: words, shapes with their texts, and
// the areas of the maps. Places are those of middles, in pixels of the drawing.
const figuresOf = (page) => page.evaluate(() => [...document.querySelectorAll("#compare figure")].map((figure) => ({
  id: figure.id, finding: figure.querySelector(".finding").textContent, isDrawn: !figure.querySelector(".canvas").hidden,
  ...(() => {
    const svg = figure.querySelector(".still svg").getBoundingClientRect();
    const middle = (element) => {
      const box = element.getBoundingClientRect();
      return { x: Math.round(10 * ((box.left + box.right) / 2 - svg.left)) / 10, y: Math.round(10 * ((box.top + box.bottom) / 2 - svg.top)) / 10 };
    };
    return {
      marks: [...figure.querySelectorAll(".still .plot :is(circle, path) > title")].map((title) => ({ text: title.textContent, ...middle(title.parentNode) })),
      ticks: [...figure.querySelectorAll(".still g[text-anchor] text")].map((text) => ({ text: text.textContent, ...middle(text), anchor: text.parentNode.getAttribute("text-anchor") })),
    };
  })(),
  areas: [...figure.querySelectorAll(".map a")].map((area) => [area.querySelector("title").textContent, area.querySelector("use").getAttribute("class")]),
  still: figure.querySelector(".still").innerHTML, legend: figure.querySelector(".legend")?.innerHTML,
})));

// movesFigures looks at the figures of comparison in another period. Each shows the rows of
// the table that have a value, where the labels of its axes say; and none that is withheld.
export async function movesFigures({ browser, open, wake, judge, picture, problems }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const path = "it/indicatori/no_show_rate", page = await open(context, path), tell = (what) => problems.push(`${path}: ${what}`);
  await wake(page, path);
  const first = await figuresOf(page);
  await page.locator("#chosen-period").selectOption("2025-q4");
  const rows = await page.locator("#territory-table tbody tr").evaluateAll((all) => all.map((row) => ({ name: row.cells[0].textContent, level: row.cells[1].firstChild.textContent,
    n: Number(row.cells[2].dataset.sort ?? row.cells[2].textContent.replace(/\./g, "")), value: Number(row.cells[3].dataset.sort ?? NaN), standardised: Number(row.cells[5].dataset.sort ?? NaN) })));
  const figures = Object.fromEntries((await figuresOf(page)).map((figure) => [figure.id.replace("-figure", ""), figure]));
  for (const [id, level, by] of [["funnel-region", "Regione", "standardised"], ["funnel-province", "Provincia", "standardised"], ["intervals", "Regione", "value"]]) {
    const figure = figures[id], shown = rows.filter((row) => row.level === level && !isNaN(row[by]));
    if (!figure.finding.startsWith("Trimestre ottobre–dicembre 2025, Italia n ")) tell(`${id} says "${figure.finding}"`);
    const names = figure.marks.map((mark) => mark.text.split(": ")[0]);
    if (names.length < 15 || names.some((name) => !shown.some((row) => row.name === name)) || id === "intervals" && names.length !== shown.length) tell(`${id} draws ${names.length} points of ${shown.length}: ${names.join(", ")}`);
    const percent = figure.ticks.filter((tick) => tick.text.includes("%") && tick.anchor === (id === "intervals" ? "middle" : "end")).map((tick) => [parseFloat(tick.text.replace(",", ".")) / 100, id === "intervals" ? tick.x : tick.y]).filter((tick) => !isNaN(tick[0]));
    const [[a, from], [b, to]] = [percent[0], percent[1]], place = (value) => from + (value - a) / (b - a) * (to - from);
    for (const mark of figure.marks) {
      const row = shown.find((one) => one.name === mark.text.split(": ")[0]), at = id === "intervals" ? mark.x : mark.y;
      if (row && Math.abs(at - place(row[by])) > 1) tell(`${id} draws ${mark.text} at ${at}, not ${place(row[by])}`);
    }
    if (id === "intervals" && figure.marks.some((mark) => !(Math.abs(figure.ticks.find((tick) => tick.text === mark.text.split(": ")[0])?.y - mark.y) <= 1))) tell("intervals: a point is not beside its name");
  }
  for (const [id, level] of [["map", "Regione"], ["map-provinces", "Provincia"]]) {
    if (figures[id].areas.length < 20) tell(`${id} has ${figures[id].areas.length} areas`);
    for (const [label, colour] of figures[id].areas) {
      const row = rows.find((one) => one.level === level && one.name === label.split(": ")[0]);
      if (!row || isNaN(row.value) !== (colour === "area q0") || isNaN(row.value) && /[0-9]/.test(label)) tell(`${id}: "${label}" is ${colour}`);
    }
    if (JSON.stringify(figures[id].areas) === JSON.stringify(first.find((one) => one.id === `${id}-figure`).areas)) tell(`${id} is the same in another period`);
  }
  await judge(page, `${path} with figures of a quarter`, "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await judge(page, `${path} with figures of a quarter`, "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await picture(page, path, "quarter");
  await page.emulateMedia({ media: "print" });
  if (!await page.locator("#funnel-region-figure .still .chart-svg").isVisible()) tell("paper lacks a figure of the chosen period");
  await page.emulateMedia({ media: "screen" });
  await page.locator("#chosen-period").selectOption("2024");
  const year = (await figuresOf(page)).filter((figure) => figure.id.startsWith("funnel"));
  if (year.some((figure) => figure.isDrawn || !figure.finding.startsWith("Anno 2024, Italia n ") || !figure.finding.endsWith("il confronto con i limiti non c'è."))) tell(`a year without limits has ${year.map((figure) => figure.finding).join(" / ")}`);
  await page.locator("#chosen-period").selectOption("12");
  const last = await figuresOf(page);
  for (const [n, figure] of first.entries()) if (JSON.stringify(figure) !== JSON.stringify(last[n])) tell(`${figure.id} is not what it was when the first period is chosen again`);
  const covered = await page.locator(".canvas[data-other]").count();
  if (covered !== 0) tell(`${covered} charts stay covered`);
  await context.close();
}
