// Opens pages of a built site in headless Chromium, from file://, and writes
// what is wrong with them as a JSON list of strings.
//
//   node check.mjs SITE [SHOTS]
//
// SITE is the folder of the site, SHOTS one for pictures of its pages, for people
// to look at (optional). The browser is /usr/bin/chromium, or what CHROMIUM names.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { choices } from "./choices.mjs";

const [site, shots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const root = pathToFileURL(join(site, "/")).href;
const problems = [];
const kinds = {
  it: ["index", "regioni/12-lazio", "province/058-roma", "patronati", "patronati/acli", "formazione", "protocollo", "proposte", "indicatori/no_show_rate", "indicatori/onsite_wait_minutes", "confronta", "qualita-dati", "arrivi/2025-11", "metodo"],
  en: ["index", "regions/12-lazio", "provinces/058-roma", "patronati", "patronati/acli", "training", "protocol", "proposals", "indicators/no_show_rate", "indicators/onsite_wait_minutes", "compare", "data-quality", "arrivals/2025-11", "method"],
};

// Pages of the pack of one territory, as the same kinds look there: in one language.
const pack = {
  it: ["province/058-roma", "indicatori/no_show_rate", "qualita-dati", "metodo"],
  en: [],
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

// open gives a page that reports everything that a reader must never cause.
async function open(context, path) {
  const page = await context.newPage();
  const tell = (what) => problems.push(`${path}: ${what}`);
  page.on("console", (message) => tell(`console: ${message.text()}`));
  page.on("pageerror", (error) => tell(`script: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url(); // one of data, or of a blob that the page made, goes nowhere
    if (!url.startsWith(root) && !url.startsWith("data:") && !url.startsWith("blob:null/")) tell(`request: ${url}`);
  });
  await page.goto(root + path + ".html", { waitUntil: "load" });
  return page;
}

// wake scrolls through the page so that every chart has come into view.
async function wake(page, path) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 700) {
      window.scrollTo({ top: y, behavior: "instant" });
      // Two frames: what has come into view is told between them, however slow the machine is.
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30))));
    }
    window.scrollTo({ top: 0, behavior: "instant" });
  });
  const asleep = () => page.evaluate(() => [...document.querySelectorAll("[data-chart]")]
    .filter((canvas) => canvas.clientWidth >= 480 && !canvas.classList.contains("is-live")).map((canvas) => canvas.dataset.chart).join(", "));
  await page.waitForFunction(() => [...document.querySelectorAll("[data-chart]")]
    .every((canvas) => canvas.clientWidth < 480 || canvas.classList.contains("is-live")), null, { timeout: 30000 })
    .catch(async () => problems.push(`${path}: charts that do not come alive: ${await asleep()}`));
}

// Rules of axe that depend on the colour scheme; the others need one run.
const coloured = ["color-contrast", "link-in-text-block"];

async function judge(page, path, scheme, options) {
  const found = await page.evaluate((how) => axe.run(document, { resultTypes: ["violations"], ...how }), options);
  for (const violation of found.violations) {
    const places = violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ");
    problems.push(`${path} (${scheme}): axe ${violation.id}: ${places}`);
  }
}

// tallest is how many pixels of a page a picture holds: what is below looks alike.
const tallest = 4000;

// picture leaves a page as it is now for people to look at.
async function picture(page, path, as) {
  if (!shots) return;
  const { width } = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.screenshot({ path: join(shots, `${path.replaceAll("/", "-")}-${as}.jpg`), type: "jpeg", quality: 75,
    fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, tallest) } });
}

// paper is the width of an A4 sheet between its margins, in CSS pixels.
const paper = 703;

// look judges each kind of page in light and dark, and then checks that a phone
// of 320 CSS pixels has nothing to scroll sideways.
async function look() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
  for (const lang of ["it", "en"]) {
    for (const path of [...kinds[lang].map((kind) => `${lang}/${kind}`), ...pack[lang].map((kind) => `packs/058-roma/${lang}/${kind}`)]) {
      const page = await open(context, path);
      await wake(page, path);
      await page.evaluate(axe);
      await judge(page, path, "light", {});
      await picture(page, path, "light");
      await page.emulateMedia({ colorScheme: "dark" });
      await judge(page, path, "dark", { runOnly: coloured });
      if (lang === "it") await picture(page, path, "dark");
      await page.setViewportSize({ width: 320, height: 640 });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > 320) problems.push(`${path}: ${width} px wide on a screen of 320`);
      if (lang === "it") await picture(page, path, "phone");
      else {
        await page.emulateMedia({ media: "print", colorScheme: "light" });
        await page.setViewportSize({ width: paper, height: 1000 });
        await picture(page, path, "paper");
      }
      await page.close();
    }
  }
  await context.close();
}

// still checks that without script every chart is there, drawn.
async function still() {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await open(context, "it/indicatori/no_show_rate");
  const figures = await page.locator("figure").count();
  const drawn = await page.locator("figure svg[role] >> visible=true").count();
  if (figures < 5 || drawn !== figures) problems.push(`without script ${drawn} of ${figures} charts are to be seen`);
  await context.close();
}

// agrees holds the still drawings, which the program makes itself, against those
// that ECharts makes of the same options: each mark and each label of an axis or
// of a line stands in the same place, to a pixel. Labels of marks are left out:
// which of them would overlap depends on the type, which only a browser can measure.
async function agrees() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true }); // ECharts' own drawing has styles
  let compared = 0;
  for (const path of ["it/indicatori/no_show_rate", "it/indicatori/onsite_wait_minutes", "it/indicatori/patronato_share", "it/regioni/12-lazio"]) {
    const page = await open(context, path);
    await wake(page);
    const [charts, differences] = await page.evaluate(() => {
      const options = JSON.parse(document.getElementById("data").textContent).charts;
      const differences = [];
      const stills = new Map([...document.querySelectorAll("[data-chart]")].map((canvas) => [canvas.dataset.chart, canvas.querySelector(".still svg")]));
      const holder = document.createElement("div");
      document.body.replaceChildren(holder);
      function places(svg, marks) {
        holder.replaceChildren(svg);
        const frame = svg.getBoundingClientRect();
        const place = (element) => {
          const box = element.getBoundingClientRect();
          return { text: element.textContent, x: (box.left + box.right) / 2 - frame.left, y: (box.top + box.bottom) / 2 - frame.top };
        };
        return {
          marks: [...svg.querySelectorAll(marks)].map(place),
          texts: [...svg.querySelectorAll("text:not([paint-order])")].map(place),
        };
      }
      function compare(id, what, ours, theirs, tolerance) {
        if (ours.length !== theirs.length) differences.push(`${id}: ${ours.length} ${what}, ECharts draws ${theirs.length}`);
        for (const one of ours) {
          const near = theirs.some((other) => other.text === one.text && Math.hypot(other.x - one.x, other.y - one.y) < tolerance);
          if (!near) differences.push(`${id}: ECharts draws no ${what} ${one.text} at ${one.x.toFixed(1)}, ${one.y.toFixed(1)}`);
        }
      }
      for (const [id, still] of stills) {
        const { width, height } = still.viewBox.baseVal, option = options[id];
        still.style.width = `${width}px`;
        still.style.height = `${height}px`;
        still.style.minWidth = "0";
        for (const axis of [option.xAxis, option.yAxis]) {
          const texts = axis.axisLabel.texts;
          if (texts) axis.axisLabel.formatter = (value) => texts[String(+Number(value).toPrecision(12))] || "";
        }
        const chart = window.echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
        chart.setOption({ ...option, textStyle: { fontFamily: "inherit" } });
        const drawn = new DOMParser().parseFromString(chart.renderToSVGString(), "image/svg+xml").documentElement;
        chart.dispose();
        const ours = places(still, "circle, g[stroke] > path"), theirs = places(document.importNode(drawn, true), "path[transform^=matrix]");
        compare(id, "marks", ours.marks, theirs.marks, 1);
        compare(id, "labels", ours.texts, theirs.texts.filter((one) => one.text !== ""), 3);
      }
      return [stills.size, differences];
    });
    compared += charts;
    for (const difference of differences) problems.push(`${path}: ${difference}`);
    await page.close();
  }
  if (compared < 12) problems.push(`only ${compared} charts were compared with those of ECharts`);
  await context.close();
}

async function works() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await open(context, "it/indicatori/no_show_rate");
  const table = page.locator("#territory-table");
  await table.locator("th button").nth(2).click();
  const sizes = await table.locator("tbody tr td:nth-child(3)").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.sort ?? (cell.textContent.replace(/[.,]/g, "") || "x"))).filter((n) => !isNaN(n)));
  if (sizes.some((n, i) => i > 0 && n > sizes[i - 1])) problems.push("sorting by a number gives another order");
  if (await table.locator("th[aria-sort=descending]").count() !== 1) problems.push("a sorted column does not say so");
  await page.locator(".filter input").first().fill("forli");
  const shown = await table.locator("tbody tr:visible th").allTextContents();
  if (shown.length !== 1 || !shown[0].startsWith("Forl")) problems.push(`the filter "forli" leaves ${shown.join(", ")}`);
  await page.locator("#search").focus();
  await page.keyboard.type("lazi");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/12-lazio\.html$/, { timeout: 5000 }).catch(() => problems.push("the search does not find Lazio"));
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.className);
  if (first !== "skip") problems.push(`the first stop of the keyboard is "${first}", not the skip link`);
  const injected = await page.evaluate(() => new Promise((done) => {
    const holder = document.createElement("div");
    document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective), { once: true });
    holder.innerHTML = '<button onclick="window.broken=1"></button>';
    document.body.append(holder);
    holder.firstChild.click();
    setTimeout(() => done(""), 1000);
  }));
  if (!injected.startsWith("script-src")) problems.push("an inline handler is not stopped by the policy");
  for (let i = problems.length - 1; i >= 0; i--) if (problems[i].includes("Content Security Policy") && problems[i].includes("inline event handler")) problems.splice(i, 1);
  await context.close();
}

// compares chooses on the page of comparisons, by address and by keyboard, with
// and without script; and looks at what paper would show.
async function compares() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await open(context, "it/confronta");
  const rows = page.locator("[data-one] tbody tr");
  await page.evaluate(() => { location.hash = "#t=058&i=no_show_rate"; });
  await page.waitForFunction(() => document.querySelector("[data-one] tbody th").textContent === "Roma");
  const first = await rows.allTextContents();
  if (first.length < 5 || !first[1].startsWith("Roma") || !first[2].startsWith("Lazio") || !first[3].startsWith("Italia")) problems.push(`Roma is set beside ${first.join(" / ")}`);
  const drawn = await page.locator("[data-drawing] svg circle, [data-drawing] svg rect, [data-drawing] svg .cmp-italy-dot").count();
  if (drawn !== first.length) problems.push(`of ${first.length} rows ${drawn} are drawn`);
  await page.locator("#compare-indicator").focus();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => !location.hash.endsWith("i=no_show_rate"), null, { timeout: 5000 }).catch(() => problems.push("a choice by keyboard is not in the address"));
  const said = await page.locator("[data-finding]").textContent();
  if (!said.startsWith("Roma: ")) problems.push(`the comparison says "${said}"`);
  const english = await page.locator(".languages a").getAttribute("href");
  if (!english.includes("t=058")) problems.push("the other language forgets what was chosen");
  await page.locator(".contents a").last().click();
  const [address, place] = await page.evaluate(() => [location.hash, document.activeElement.id]);
  if (!address.includes("t=058") || !place) problems.push(`a link within the page leads to "${place}" and leaves "${address}" of the choice`);
  await page.evaluate(() => { location.hash = "#t=007&i=no_show_rate"; });
  await page.waitForFunction(() => document.querySelector("[data-one] tbody th").textContent.startsWith("Valle"));
  if (!(await rows.first().textContent()).includes("riservato")) problems.push("a withheld figure is not said to be one");
  await page.evaluate(() => { location.hash = "#t=<img>&i=x"; });
  if (await page.locator("main img").count() !== 0) problems.push("the address became an element");
  await page.emulateMedia({ media: "print" });
  const heads = await page.locator("#regions th button").evaluateAll((all) => all.every((one) => getComputedStyle(one).display === "contents"));
  if (!heads) problems.push("the head of a table that goes on over a sheet is empty");
  await context.close();
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const quiet = await open(plain, "it/confronta");
  if (await quiet.locator("noscript a").count() !== 20 || await quiet.locator("#regions tbody tr").count() !== 21) problems.push("without script there is nothing to compare");
  if (await quiet.locator("form >> visible=true").count() !== 0) problems.push("without script there is a form that does nothing");
  await plain.close();
}

await look();
await still();
await compares();
await choices({ browser, root, axe, coloured, open, wake, judge, picture, problems });
await agrees();
await works();
await browser.close();
process.stdout.write(JSON.stringify(problems));
