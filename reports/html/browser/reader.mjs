import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// coloured are the rules of axe that depend on the colour scheme; the others need one run.
const coloured = ["color-contrast", "link-in-text-block"];

// tallest is how many pixels of a page a picture holds: what is below looks alike.
const tallest = 4000;

// reader gives what a part of the checks opens, judges and depicts pages with: in a browser, of
// a site, with its pictures in the folder shots, or none. It writes what it does to the standard
// error, a line each, so that a browser that stalls says where; what is wrong is in problems.
export function reader(browser, site, shots) {
  const root = pathToFileURL(join(site, "/")).href, problems = [];
  const begin = (what) => process.stderr.write(`${what}\n`);

  // open gives a page that reports everything that a reader must never cause.
  async function open(context, path) {
    begin(`open ${path}`);
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
    begin(`wake ${path}`);
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

  // judge asks axe-core for what keeps somebody from reading a page as it is now; in the dark
  // only for what its colours do.
  async function judge(page, path, scheme) {
    begin(`judge ${path} (${scheme})`);
    if (!await page.evaluate(() => "axe" in window)) await page.evaluate(axe);
    const options = { resultTypes: ["violations"], ...scheme === "dark" && { runOnly: coloured } };
    const found = await page.evaluate((how) => axe.run(document, how), options);
    for (const violation of found.violations) {
      const places = violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ");
      problems.push(`${path} (${scheme}): axe ${violation.id}: ${places}`);
    }
  }

  // picture leaves a page as it is now for people to look at.
  async function picture(page, path, as) {
    if (!shots) return;
    begin(`depict ${path} (${as})`);
    const { width } = page.viewportSize();
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.screenshot({ path: join(shots, `${path.replaceAll("/", "-")}-${as}.jpg`), type: "jpeg", quality: 75,
      fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, tallest) } });
  }

  return { browser, root, problems, open, wake, judge, picture };
}
