// The page of comparisons: what is chosen stands in the address (#t=058&i=no_show_rate),
// and the figures in the page's data, written as everywhere. Nothing is computed here
// but where to draw them.
(function () {
  "use strict";
  var page = JSON.parse(document.getElementById("data").textContent), data = page.compare, words = data.words, pages = {};
  page.search.forEach(function (group) { // a page is known by its name, and a territory's by the code that it begins with
    group.e.forEach(function (one) { pages[one[1]] = pages[/^[0-9]+-/.test(one[1]) ? one[1].split("-")[0] : one[1]] = group.d + one[1] + ".html"; });
  });
  pages.IT = pages.index;
  var form = document.querySelector("[data-chooser]"), one = document.querySelector("[data-one]"), all = document.querySelector("[data-all]");
  var place = document.getElementById("compare-territory"), indicator = document.getElementById("compare-indicator");
  var at = {}, byId = {};
  data.territories.forEach(function (t, n) { t.at = n; t.p = t.p ? t.p.split(" ") : null; at[t.c] = t; });
  data.indicators.forEach(function (i, n) { i.f = i.f.split(";"); i.m = i.m || data.indicators[n - 1].m; byId[i.i] = i; });

  function option(value, text) {
    var made = document.createElement("option");
    made.value = value;
    made.textContent = text;
    return made;
  }
  function group(list, label) {
    var made = document.createElement("optgroup");
    made.label = label;
    list.append(made);
    return made;
  }
  // choices fills the two lists: the territories by region, the indicators by theme.
  function choices() {
    var groups = {}, themes = {};
    data.territories.forEach(function (t) {
      if (t.c === "IT") place.append(option(t.c, t.n));
      else if (!t.r) (groups[t.c] = group(place, t.n)).append(option(t.c, fill(words.region, { region: t.n })));
    });
    data.territories.forEach(function (t) { if (t.r) groups[t.r].append(option(t.c, t.n)); });
    data.indicators.forEach(function (i) { (themes[i.m] = themes[i.m] || group(indicator, i.m)).append(option(i.i, i.n)); });
  }

  function fill(text, values) { return text.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; }); }

  // figure unpacks what an indicator holds for a territory: see comparison.go.
  function figure(i, t, before) {
    var packed = i.f[t.at], parts = packed ? packed.split("|") : [];
    var codes = (before ? parts[6] || "o" : parts[3] || "on");
    if (!packed) codes = "x";
    var f = { value: full(i, before ? parts[4] : parts[0]), code: codes[0], position: codes[1] || "", n: before ? "" : parts[2] || "",
      interval: ending(i, before ? parts[5] : parts[1]), standard: before ? "" : full(i, parts[7]), standardInterval: before ? "" : ending(i, parts[8]) };
    f.text = f.value || words["code." + f.code];
    f.at = number(before ? parts[4] : parts[0]);
    var ends = ((before ? parts[5] : parts[1]) || "").split("~").map(number);
    f.low = ends.length === 2 ? ends[0] : NaN;
    f.high = ends.length === 2 ? ends[1] : NaN;
    return f;
  }
  function full(i, text) { return !text ? "" : text[0] === "=" ? text.slice(1) : text + (i.u || ""); }
  function ending(i, text) { return text ? text.replace("~", "–") + (i.v || "") : ""; }

  // number reads a figure back for the drawing, in either language's form.
  function number(text) {
    var plain = (text || "").replace("−", "-").replace(/[^0-9.,\-]/g, "");
    if (plain === "" || /[0-9]\/[0-9]/.test(text)) return NaN;
    return Number(document.documentElement.lang === "it" ? plain.replace(/\./g, "").replace(",", ".") : plain.replace(/,/g, ""));
  }

  // rows are what a territory is set beside, itself first.
  function rows(i, t) {
    var some = [{ t: t, as: words.here, kind: "here" }, { t: t, as: words.before, kind: "before", before: true }];
    if (t.r) some.push({ t: at[t.r], as: words["region.column"], kind: "region" });
    if (t.c !== "IT") some.push({ t: at.IT, as: words.italy, kind: "italy" });
    (t.p || []).forEach(function (code) { some.push({ t: at[code], as: words.peer, kind: "peer" }); });
    some.forEach(function (row) { row.f = figure(i, row.t, row.before); });
    return some;
  }

  function cell(kind, text, small, classes) {
    var made = document.createElement(kind);
    made.textContent = text;
    if (kind === "th") made.scope = "row";
    if (classes) made.className = classes;
    if (small) {
      var sub = document.createElement("small");
      sub.textContent = small;
      made.append(sub);
    }
    return made;
  }
  function valueCell(f) { return cell("td", f.text, f.interval, "num class-" + ({ h: "hidden", x: "no_data", y: "no_data", s: "small", i: "immature" }[f.code] || "ok")); }
  function linked(head, href) {
    var link = document.createElement("a");
    link.href = href;
    link.append.apply(link, Array.prototype.slice.call(head.childNodes));
    head.replaceChildren(link);
    return head;
  }
  function position(i, f) {
    var made = cell("td", f.position ? words["code." + f.position] : "–"), tilt = { A: "far-above", a: "above", b: "below", B: "far-below" }[f.position];
    if (!tilt) return made;
    var mark = document.createElement("span");
    mark.className = "mark mark-" + tilt + " tone-" + (!i.b ? "neutral" : (f.position.toLowerCase() === "a") === (i.b === "better") ? "better" : "worse");
    mark.append(svg("svg", { class: "shape", viewBox: "0 0 16 16", "aria-hidden": "true" }, [svg("use", { href: "#m-" + tilt })]), made.textContent);
    made.replaceChildren(mark);
    return made;
  }

  function svg(name, attributes, children, text) {
    var made = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    (children || []).forEach(function (child) { made.append(child); });
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // draw is the dot-and-whisker plot of the rows; what has no number has its word. Places in
  // the plot are parts of it, so that it can take another size on a narrow screen: see narrow.go.
  function draw(list, title) {
    var left = 250, right = 96, width = 760, top = 18, step = 30, wide = width - left - right, high = step * list.length, height = top + high + 6;
    var numbers = [];
    list.forEach(function (row) { [row.f.at, row.f.low, row.f.high].forEach(function (v) { if (!isNaN(v)) numbers.push(v); }); });
    var least = Math.min.apply(null, numbers), most = Math.max.apply(null, numbers), room = (most - least) * 0.04 || 1;
    function x(v) { return Math.round((v - least + room) / (most - least + 2 * room) * wide * 10) / 10; }
    function part(v, of) { return Math.round(v / of * 1e4) / 100 + "%"; }
    function lines(children) { return svg("svg", { class: "lines", viewBox: "0 0 " + wide + " " + high, preserveAspectRatio: "none" }, children); }
    function text(kind, row, n, what) { return svg("text", { class: "cmp-" + kind + " cmp-" + row.kind, x: kind === "name" ? "0" : "100%", y: part(step * (n + 0.5), high) }, [], what); }
    var rules = [], whiskers = [], dots = [];
    list.forEach(function (row, n) {
      var y = step * (n + 0.5), f = row.f, at = { x: part(x(f.at), wide), y: part(y, high) };
      if (row.kind === "italy" && !isNaN(f.at)) rules.push(svg("path", { class: "cmp-italy", d: "M" + x(f.at) + " -8V" + (high + 6) }));
      if (!isNaN(f.low) && !isNaN(f.high)) whiskers.push(svg("path", { class: "cmp-line cmp-" + row.kind, d: "M" + x(f.low) + " " + y + "H" + x(f.high) }));
      if (isNaN(f.at)) return;
      dots.push(row.kind === "italy" ? svg("svg", at, [svg("path", { class: "cmp-dot cmp-italy-dot", d: "M0-7l7 7-7 7-7-7z" })])
        : row.kind === "region" ? svg("rect", { class: "cmp-dot cmp-region", x: at.x, y: at.y, width: 11, height: 11, transform: "translate(-5.5 -5.5)" })
        : svg("circle", { class: "cmp-dot cmp-" + row.kind, cx: at.x, cy: at.y, r: row.kind === "here" ? 7 : 5 }));
    });
    var plot = svg("svg", { width: "100%", height: "100%" }, [lines(rules), lines(whiskers)].concat(dots,
      svg("g", { class: "names", "text-anchor": "end", transform: "translate(-14 5)" }, list.map(function (row, n) { return text("name", row, n, row.label); })),
      svg("g", { class: "values", "text-anchor": "end", transform: "translate(" + right + " 5)" }, list.map(function (row, n) { return text("value", row, n, row.f.text); }))));
    return svg("svg", { class: "chart-svg", viewBox: "0 0 " + width + " " + height, height: Math.ceil(height + high * 2 / 3), preserveAspectRatio: "xMinYMin", role: "img", "aria-label": title },
      [svg("foreignObject", { class: "plot rows", x: left, y: top, width: wide, height: high }, [plot])]);
  }

  function finding(i, t, f) {
    var italy = figure(i, at.IT), text = fill(words.finding, { place: t.n, value: f.text + (f.interval ? " (" + f.interval + ")" : "") });
    if (t.c === "IT" || !italy.value) return text;
    var key = isNaN(f.low) || isNaN(italy.at) ? "unknown" : f.low > italy.at ? "above" : f.high < italy.at ? "below" : "within";
    return text + " " + fill(words["finding." + key], { italy: italy.text });
  }

  function showOne(i, t) {
    var list = rows(i, t), said = finding(i, t, list[0].f), body = one.querySelector("tbody");
    list.forEach(function (row) { row.label = row.before ? row.as : row.t.n; });
    one.querySelector("[data-title]").textContent = i.n;
    one.querySelector("[data-finding]").textContent = said;
    one.querySelector("[data-drawing] .still").replaceChildren(draw(list, i.n + ". " + said));
    one.querySelector("[data-peers]").textContent = t.c === "IT" ? "" : t.p ? fill(words["peers.about"], { "class": t.s[0], classes: t.s[1] }) : words["peers.none"];
    one.querySelector("[data-caption]").textContent = fill(words["caption.one"], { indicator: i.n, place: t.n });
    body.replaceChildren.apply(body, list.map(function (row) {
      var line = document.createElement("tr"), f = row.f;
      line.append(linked(cell("th", row.t.n), pages[row.t.c]), cell("td", row.as), valueCell({ text: f.text, code: f.code }), cell("td", f.interval, "", "num"),
        cell("td", f.n || "–", "", "num"), cell("td", f.standard || "–", f.standardInterval, "num"), row.before ? cell("td", "–") : position(i, f), cell("td", words["code." + f.code]));
      return line;
    }));
    one.hidden = false;
  }

  function range(i, t) {
    var some = (t.p || []).map(function (code) { return figure(i, at[code]); }).filter(function (f) { return !isNaN(f.at); });
    if (some.length === 0) return "–";
    some.sort(function (a, b) { return a.at - b.at; });
    var low = some[0].text, high = some[some.length - 1].text, unit = i.u || "";
    if (low === high) return low;
    if (!/[−≈≤≥]/.test(low + high) && low.endsWith(unit) && high.endsWith(unit)) return low.slice(0, low.length - unit.length) + "–" + high; // as intervals are written
    return fill(words.range, { low: low, high: high });
  }

  function showAll(t) {
    var lines = [], theme = "", body = all.querySelector("tbody");
    all.querySelector("[data-caption]").textContent = fill(words["caption.all"], { place: t.n });
    data.indicators.forEach(function (i) {
      if (!i.f[t.at]) return;
      var line = document.createElement("tr"), head = cell("th", i.m);
      if (i.m !== theme) {
        theme = i.m;
        head.scope = "colgroup";
        head.colSpan = 7;
        line.className = "group";
        line.append(head);
        lines.push(line);
        line = document.createElement("tr");
      }
      var f = figure(i, t);
      line.append(linked(cell("th", i.n), pages[i.i]), valueCell(f), valueCell(figure(i, t, true)), t.r ? valueCell(figure(i, at[t.r])) : cell("td", "–", "", "num"),
        valueCell(figure(i, at.IT)), cell("td", range(i, t), "", "num"), position(i, f));
      lines.push(line);
    });
    body.replaceChildren.apply(body, lines);
    all.hidden = false;
  }

  // show follows the address; what it names and does not exist gives way to the first.
  function show() {
    var chosen = {};
    location.hash.slice(1).split("&").forEach(function (pair) { var cut = pair.split("="); chosen[cut[0]] = cut[1]; });
    var t = at[chosen.t] || at[place.value] || at.IT, i = byId[chosen.i] || byId[indicator.value] || data.indicators[0];
    if (!t || !i) return;
    place.value = t.c;
    indicator.value = i.i;
    showOne(i, t);
    showAll(t);
    document.querySelectorAll(".languages a").forEach(function (link) { link.hash = address(); });
  }
  function address() { return "#t=" + place.value + "&i=" + indicator.value; }
  choices();
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("change", function () { history.replaceState(null, "", address()); show(); });
  window.addEventListener("hashchange", function () { if (/[#&][ti]=/.test(location.hash)) show(); });
  // The address is the choice, so links within the page go there without entering it.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#']"), target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  });
  show();
})();
