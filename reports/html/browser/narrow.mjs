// narrow looks at the charts on a phone of 320 CSS pixels, with script and without: nothing has to
// be scrolled to see the marks with their names, no text is cut off or lies over another one
// of its kind, and letters are large enough to read.
export async function narrow({ browser, open, wake, picture, problems }) {
  const pages = {
    it: ["indicatori/no_show_rate", "indicatori/onsite_wait_minutes", "indicatori/contacts_per_1000", "regioni/12-lazio", "formazione", "confronta"],
    en: ["indicators/no_show_rate", "indicators/patronato_share", "regions/12-lazio", "training", "compare"],
  };
  let seen = 0;
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 }, javaScriptEnabled });
    for (const path of Object.entries(pages).flatMap(([lang, some]) => some.map((page) => `${lang}/${page}`))) {
      const page = await open(context, path), as = javaScriptEnabled ? path : `${path} without script`;
      if (path.endsWith("confronta") || path.endsWith("compare")) await page.goto(page.url() + "#t=058&i=no_show_rate");
      seen += await look(page, as, problems);
      if (javaScriptEnabled && path.endsWith("no_show_rate")) {
        await page.locator("#chosen-period").selectOption("2025-q4");
        seen += await look(page, `${path} in another period`, problems);
        await picture(page, path, "narrow");
      }
      await page.close();
    }
    await context.close();
  }
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } }), path = pages.it[0], page = await open(context, `it/${path}`);
  await wake(page, path);
  await page.setViewportSize({ width: 320, height: 640 });
  seen += await look(page, `${path} after it was wide`, problems);
  await context.close();
  if (seen < 60) problems.push(`only ${seen} charts were seen on a phone`);
}

// look judges the charts that a page shows, and says how many they are.
async function look(page, path, problems) {
  const [seen, found] = await page.evaluate(() => {
    const found = [], smallest = 11, little = 1;
    const drawings = [...document.querySelectorAll(".canvas .chart-svg")].filter((svg) => svg.checkVisibility());
    for (const svg of drawings) {
      const canvas = svg.closest(".canvas"), frame = canvas.getBoundingClientRect(), tell = (what) => found.push(`${canvas.closest("figure").id || "the drawing"}: ${what}`);
      const within = (box) => box.left >= frame.left - little && box.right <= frame.left + canvas.clientWidth + little && box.top >= frame.top - little && box.bottom <= frame.bottom + little;
      if (canvas.scrollWidth > canvas.clientWidth) tell(`${canvas.scrollWidth} px to scroll through in ${canvas.clientWidth}`);
      const marks = [...svg.querySelectorAll("circle, rect, g[stroke] > :is(use, path), .cmp-dot, svg > path:has(title)")];
      if (marks.length === 0) tell("no marks");
      const outside = marks.filter((mark) => !within(mark.getBoundingClientRect()));
      if (outside.length > 0) tell(`${outside.length} of ${marks.length} marks are out of sight`);
      const texts = [...svg.querySelectorAll("text")].filter((text) => text.checkVisibility()).map((text) => ({ text: text.textContent, of: text.parentNode, box: text.getBoundingClientRect(), size: parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a }));
      for (const text of texts) {
        if (!within(text.box)) tell(`"${text.text}" is cut off`);
        if (text.size < smallest) tell(`"${text.text}" has letters of ${text.size.toFixed(1)} px`);
        for (const other of texts) {
          const across = Math.min(text.box.right, other.box.right) - Math.max(text.box.left, other.box.left), down = Math.min(text.box.bottom, other.box.bottom) - Math.max(text.box.top, other.box.top);
          if (other !== text && other.of === text.of && across > little && down > 4) tell(`"${text.text}" lies over "${other.text}"`);
        }
      }
    }
    return [drawings.length, found];
  });
  for (const problem of found) problems.push(`${path} on a phone: ${problem}`);
  return seen;
}
