// works sorts, filters, searches and goes through a page by keyboard, and tries the policy.
export async function works({ browser, open, problems }) {
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

// marksAsThere compares the marks of some territories with those of their own pages: they
// have the same shape, and the colour that says the same.
async function marksAsThere({ context, page, open, problems }) {
  let judged = 0;
  const marksOf = (rows) => rows.locator(".mark").evaluateAll((all) => all.map((mark) => mark.closest("tr").querySelector("th").textContent + ": " + mark.className));
  for (const code of await page.locator("#compare-territory option").evaluateAll((all) => all.map((one) => one.value).filter((code) => code !== "IT"))) {
    await page.evaluate((code) => { location.hash = `#t=${code}&i=no_show_rate`; }, code);
    await page.waitForFunction((code) => document.querySelector("[data-one] tbody a").getAttribute("href").includes(`/${code}-`), code);
    const marks = await marksOf(page.locator("#all tbody"));
    if (marks.length === 0) continue;
    const own = await open(context, "it/" + (await page.locator("[data-one] tbody a").first().getAttribute("href")).replace(".html", ""));
    const there = await marksOf(own.locator("#indicators tbody"));
    await own.close();
    const others = marks.filter((mark) => !there.includes(mark));
    if (others.length > 0) problems.push(`${code} is marked with ${others.join(" / ")}, and on its page with ${there.join(" / ")}`);
    if (++judged === 3) return;
  }
  if (judged === 0) problems.push("no territory has a mark to compare");
}

// compares chooses on the page of comparisons, by address and by keyboard, with
// and without script; and looks at what paper would show.
export async function compares({ browser, open, problems }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await open(context, "it/confronta");
  const rows = page.locator("[data-one] tbody tr");
  await page.evaluate(() => { location.hash = "#t=058&i=no_show_rate"; });
  await page.waitForFunction(() => document.querySelector("[data-one] tbody th").textContent === "Roma");
  const first = await rows.allTextContents();
  if (first.length < 5 || !first[1].startsWith("Roma") || !first[2].startsWith("Lazio") || !first[3].startsWith("Italia")) problems.push(`Roma is set beside ${first.join(" / ")}`);
  const drawn = await page.locator("[data-drawing] svg circle, [data-drawing] svg rect, [data-drawing] svg .cmp-italy-dot").count();
  if (drawn !== first.length) problems.push(`of ${first.length} rows ${drawn} are drawn`);
  await marksAsThere({ context, page, open, problems });
  await page.evaluate(() => { location.hash = "#t=058&i=no_show_rate"; });
  await page.waitForFunction(() => document.querySelector("[data-one] tbody th").textContent === "Roma");
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
  if (await quiet.locator("main h2 >> visible=true").count() !== 1 || await quiet.locator(".contents a >> visible=true").count() !== 1) problems.push("without script there are headings with nothing under them");
  if (await quiet.locator("form >> visible=true").count() !== 0) problems.push("without script there is a form that does nothing");
  await plain.close();
}
