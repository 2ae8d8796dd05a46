// agrees holds the still drawings, which the program makes itself, against those
// that ECharts makes of the same options: each mark and each label of an axis or
// of a line stands in the same place, to a pixel. Labels of marks are left out:
// which of them would overlap depends on the type, which only a browser can measure.
export async function agrees({ browser, open, wake, problems }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true }); // ECharts' own drawing has styles
  let compared = 0;
  for (const path of ["it/indicatori/no_show_rate", "it/indicatori/onsite_wait_minutes", "it/indicatori/patronato_share", "it/regioni/12-lazio"]) {
    const page = await open(context, path);
    await wake(page, path);
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
        const ours = places(still, "circle, g[stroke] > use"), theirs = places(document.importNode(drawn, true), "path[transform^=matrix]");
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
