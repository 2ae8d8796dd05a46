// Opens pages of a built site in headless Chromium, from file://, and writes
// what is wrong with them as a JSON list of strings.
//
//   node check.mjs                       names the parts, as a JSON list
//   node check.mjs SITE PART [SHOTS]     checks one
//
// SITE is the folder of the site, SHOTS one for pictures of its pages, for people
// to look at (optional). The browser is /usr/bin/chromium, or what CHROMIUM names.
// What it does is written to the standard error, a line for each step.
import { chromium } from "playwright-core";
import { agrees } from "./agrees.mjs";
import { choosesMap, choosesPeriod, choosesProvinces, movesFigures } from "./choices.mjs";
import { look, still } from "./look.mjs";
import { narrow } from "./narrow.mjs";
import { reader } from "./reader.mjs";
import { compares, works } from "./uses.mjs";

// parts are checked in a browser each, so that one that stalls does not take the others along.
const parts = {
  "look-it": [(tools) => look(tools, "it")],
  "look-en": [(tools) => look(tools, "en")],
  maps: [choosesMap, choosesProvinces],
  periods: [choosesPeriod, movesFigures],
  drawings: [still, agrees],
  narrow: [narrow],
  uses: [works, compares],
};

const [site, part, shots] = process.argv.slice(2);
if (!site) {
  process.stdout.write(JSON.stringify(Object.keys(parts)));
  process.exit();
}
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const tools = reader(browser, site, shots);
for (const check of parts[part]) await check(tools);
process.stderr.write("close the browser\n");
await browser.close();
process.stdout.write(JSON.stringify(tools.problems));
