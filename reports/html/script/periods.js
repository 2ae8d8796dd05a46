// The figures of comparison in the period that was chosen. Their points are the rows of
// the table of territories, which has the figures of that period by then; axes, limits and
// words come written in the page's data. Only where to draw is computed here, as by the
// package svg, which drew what the page shows at first.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent).periods, table = document.getElementById("territory-table");
  if (!data) return;
  var rows = Array.prototype.slice.call(table.tBodies[0].rows), kept = {}, at = data.k; // the places of the columns that the table has
  var parts = [".finding", ".still", ".legend", ".reading"];

  function node(name, attributes, text) {
    var made = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function number(cell) { // a whole number has no key of order but its digits
    if (!cell) return NaN;
    if (cell.dataset.sort !== undefined) return Number(cell.dataset.sort);
    return /^[0-9][0-9.,]*$/.test(cell.textContent) ? Number(cell.textContent.replace(/[.,]/g, "")) : NaN;
  }

  function text(cell) { return cell ? cell.textContent : ""; }

  // points are the rows of a level that have a value, in the order of the page.
  function points(one) {
    var level = /province/.test(one.i) ? "p" : "r", some = [];
    rows.forEach(function (row, n) {
      if (data.l[n] !== level) return;
      var cells = row.cells, place = cells[at.p], mark = place && place.querySelector(".mark"), drawn = cells[one.k || at.v];
      var kind = mark ? mark.className.replace(/^mark mark-([a-z-]+).*/, "$1") : text(place) ? "inside" : "unjudged";
      some.push({ head: cells[0].firstElementChild, name: cells[0].textContent, n: number(cells[at.n]), value: number(drawn), kind: kind, tone: mark ? mark.className.replace(/.* tone-/, "") : "",
        judged: text(place).trim(), said: text(drawn), size: text(cells[at.n]), interval: text(cells[at.i]), first: text(cells[at.v]),
        caution: /class-(small|immature)/.test(cells[at.v].className) ? text(cells[at.c]) : "" });
    });
    return some;
  }

  // scale gives the pixel of a value.
  function scale(axis, from, to) {
    function share(value) { return axis.l ? Math.log(value / axis.a) / Math.log(axis.b / axis.a) : (value - axis.a) / (axis.b - axis.a); }
    return { share: share, along: function (part) { return from + part / 1e4 * (to - from); }, at: function (value) { return from + share(value) * (to - from); },
      holds: function (value) { return share(value) > -0.002 && share(value) < 1.002; } };
  }
  function px(value) { return String(Math.round(value * 100) / 100); }
  function crisp(value) { var doubled = Math.round(2 * value); return px((doubled % 2 === 0 ? doubled + 1 : doubled) / 2); }
  function line(into, d, colour, width, dash) {
    var made = node("path", { d: d, fill: "none", stroke: "var(--" + colour + ")", "stroke-width": width, "stroke-linejoin": "round" });
    if (dash) made.setAttribute("stroke-dasharray", 4 * width + "," + 2 * width);
    into.append(made);
  }
  function labels(into, anchor, all) {
    var group = node("g", { fill: "var(--muted)", "font-size": 12, "text-anchor": anchor });
    all.forEach(function (one) { group.append(node("text", { x: px(one[0]), y: px(one[1]) }, one[2])); });
    into.append(group);
  }
  // sides draws the axis of values below, and the upright one where there is one.
  function sides(into, one, x, y, box) {
    function across(axis, side, path) {
      var at = axis.t.map(function (tick) { return side.at(Number(tick[0])); });
      return at.concat([side.at(axis.a), side.at(axis.b)]).map(function (pixel) { return path(crisp(pixel)); }).join("");
    }
    if (one.y) line(into, across(one.y, y, function (at) { return "M" + box.left + " " + at + "H" + box.right; }), "rule", 1);
    line(into, across(one.x, x, function (at) { return "M" + at + " " + box.top + "V" + box.bottom; }), "rule", 1);
    labels(into, "middle", one.x.t.map(function (tick) { return [x.at(Number(tick[0])), box.bottom + 18.2, tick[1]]; }));
    if (one.y) labels(into, "end", one.y.t.map(function (tick) { return [box.left - 8, y.at(Number(tick[0])) + 4.2, tick[1]]; }));
    if (one.x.n) labels(into, "middle", [[(box.left + box.right) / 2, box.bottom + 38.2, one.x.n]]);
    if (one.y && one.y.n) labels(into, "start", [[box.left, box.top - 16.8, one.y.n]]);
  }

  // looks are the shapes of the points, from the lowest to the uppermost.
  var order = ["inside", "above", "below", "far-above", "far-below", "unjudged", "caution"];
  var looks = { inside: ["circle", 7, "hollow"], above: ["up", 10], below: ["down", 10], "far-above": ["diamond", 14], "far-below": ["diamond", 14], unjudged: ["square", 5, "hollow"], caution: ["circle", 8, "hollow"], plain: ["circle", 9] };
  var tones = { better: "better", worse: "worse" };
  function colour(point, look) { return look[2] || tones[point.tone] || (point.tone ? "change" : "neutral"); }
  function mark(look, fill, edge, x, y) {
    var r = look[1] / 2, up = look[0] === "down" ? r : -r, attributes = { fill: "var(--" + fill + ")", stroke: "var(--" + edge + ")", "stroke-width": 1.5 };
    if (look[0] === "circle") return node("circle", Object.assign({ cx: px(x), cy: px(y), r: r }, attributes));
    if (look[0] === "square") return node("rect", Object.assign({ x: px(x - r), y: px(y - r), width: 2 * r, height: 2 * r }, attributes));
    return node("path", Object.assign({ d: look[0] === "diamond" ? "M" + px(x) + " " + px(y - r) + "l" + r + " " + r + "-" + r + " " + r + "-" + r + "-" + r + "z" :
      "M" + px(x) + " " + px(y + up) + "l" + r + " " + -2 * up + "h" + -2 * r + "z" }, attributes));
  }
  function pin(made, text) { made.append(node("title", {}, text)); return made; }

  // beside writes the names of points, of larger marks first, but none over another.
  function beside(into, names) {
    var written = [];
    names.sort(function (a, b) { return b.size - a.size; }).forEach(function (one) {
      var away = one.size / 2 + 5.75, wide = 0.56 * 11.5 * one.text.length;
      one.from = one.left ? one.x - away - wide : one.x + away;
      one.to = one.from + wide;
      if (written.some(function (other) { return one.from < other.to && other.from < one.to && Math.abs(one.y - other.y) < 11.5; })) return;
      written.push(one);
      into.append(node("text", { x: px(one.left ? one.to : one.from), y: px(one.y + 4), "font-size": 11.5, "text-anchor": one.left ? "end" : "start", fill: "var(--ink)",
        stroke: "var(--surface)", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" }, one.text));
    });
  }

  function funnel(one, into) {
    var box = { left: 16 + Math.floor(6.9 * Math.max.apply(null, one.y.t.map(function (tick) { return tick[1].length; }))), right: 560 - (one.x.r || 24), top: one.y.n ? 28 : 12, bottom: 352 }, names = [], used = {};
    var x = scale(one.x, box.left, box.right), y = scale(one.y, box.bottom, box.top), limits = ["", "", "", ""], open = [];
    sides(into, one, x, y, box);
    one.c.split(";").forEach(function (packed) {
      var at = packed.split(" ");
      for (var k = 0; k < 4; k++) {
        if (at[k + 1] !== "-") limits[k] += (open[k] ? "L" : "M") + px(x.along(at[0])) + " " + px(y.along(at[k + 1]));
        open[k] = at[k + 1] !== "-";
      }
    });
    limits.forEach(function (d, k) { if (d) line(into, d, "limit", k < 2 ? 1.5 : 1.25, k > 1); });
    line(into, "M" + box.left + " " + px(y.at(one.m)) + "H" + box.right, "accent", 1.25);
    var all = points(one).filter(function (point) { return point.n > 0 && x.holds(point.n) && y.holds(point.value); });
    order.forEach(function (kind) {
      all.filter(function (point) { return point.kind === kind; }).forEach(function (point) {
        var look = looks[kind], at = [x.at(point.n), y.at(point.value)], fill = colour(point, look);
        into.append(pin(mark(look, fill, fill !== "hollow" ? "surface" : kind === "inside" ? "neutral" : "limit", at[0], at[1]), point.name + ": " + point.said + " · n " + point.size + (point.judged ? " · " + point.judged : "")));
        used[kind] = [look[0] === "circle" ? "hollow" : look[0] === "square" ? "hollow" : look[0], kind === "inside" ? "neutral" : kind === "unjudged" ? "limit" : fill, point.judged || data.w.unjudged];
        if (/^far/.test(kind) || !/province/.test(one.i) && /above|below/.test(kind)) names.push({ text: point.name, x: at[0], y: at[1], size: look[1], left: x.share(point.n) > 0.75 });
      });
    });
    beside(into, names);
    return used;
  }

  function intervals(one, into) {
    var ends = one.w.split(";"), used = {};
    var all = points(one).map(function (point, n) { point.ends = ends[n] && ends[n].split(" "); return point; })
      .filter(function (point) { return !isNaN(point.value); }).sort(function (a, b) { return b.value - a.value; });
    var height = 74 + 24 * all.length, longest = Math.max.apply(null, all.map(function (point) { return point.name.length; }));
    var box = { left: 16 + Math.floor(6.9 * longest), right: 530, top: one.b ? 28 : 12, bottom: height - (one.x.n ? 48 : 28) }, x = scale(one.x, box.left, box.right), whiskers = "";
    function middle(n) { return box.top + (n + 0.5) / all.length * (box.bottom - box.top); }
    into.setAttribute("viewBox", "0 0 560 " + height);
    sides(into, one, x, null, box);
    labels(into, "end", all.map(function (point, n) { return [box.left - 8, middle(n) + 4.2, point.name]; }));
    all.forEach(function (point, n) { if (point.ends) whiskers += "M" + px(x.along(point.ends[0])) + " " + px(middle(n)) + "H" + px(x.along(point.ends[1])); });
    if (whiskers) line(into, whiskers, "neutral", 1.75);
    all.forEach(function (point, n) {
      var kind = point.caution ? "caution" : /above|below/.test(point.kind) ? point.kind : "plain", look = looks[kind], fill = kind === "plain" ? "neutral" : colour(point, look);
      into.append(pin(mark(look, fill, fill === "hollow" ? "limit" : "surface", x.at(point.value), middle(n)), point.name + ": " + point.first +
        (point.interval ? " (" + point.interval + ")" : "") + (point.size ? " · n " + point.size : "") + (point.caution ? " · " + point.caution : "")));
      if (kind !== "plain") used[kind] = [kind === "caution" ? "hollow" : look[0], kind === "caution" ? "limit" : fill, kind === "caution" ? data.w.caution : point.judged];
    });
    if (one.b) {
      line(into, "M" + crisp(x.at(one.m)) + " " + box.top + "V" + box.bottom, "accent", 1.25);
      into.append(node("text", { x: px(x.at(one.m)), y: 21.27, fill: "var(--ink)", "font-size": 11.5, "text-anchor": "middle" }, one.b));
    }
    return used;
  }

  function plot(one, figure) {
    var still = figure.querySelector(".still svg"), made = node("svg", {}), used;
    Array.prototype.forEach.call(still.attributes, function (a) { made.setAttribute(a.name, a.value); });
    made.append(still.querySelector("title").cloneNode(true), still.querySelector("desc").cloneNode(true));
    made.querySelector("desc").textContent = one.f;
    used = one.c ? funnel(one, made) : intervals(one, made);
    still.replaceWith(made);
    var legend = figure.querySelector(".legend");
    if (!legend) return;
    var lines = Array.prototype.filter.call(legend.children, function (item) { return /#m-(solid|dashed|dotted)/.test(item.querySelector("use").getAttribute("href")); });
    legend.replaceChildren.apply(legend, order.filter(function (kind) { return used[kind]; }).map(function (kind) { return key(used[kind][0], "shape c-" + used[kind][1], "", used[kind][2]); }).concat(lines));
  }
  function key(shape, classes, area, text) {
    var item = document.createElement("li"), drawn = node("svg", { class: classes, viewBox: "0 0 16 16", "aria-hidden": "true" });
    drawn.append(node("use", area ? { href: "#m-" + shape, class: area } : { href: "#m-" + shape }));
    item.append(drawn, text);
    return item;
  }

  function map(one, figure) {
    var areas = {}, legend = figure.querySelector(".legend");
    figure.querySelectorAll(".map a").forEach(function (area) { areas[area.getAttribute("href")] = area; });
    points(one).forEach(function (point, n) {
      var area = point.head && areas[point.head.getAttribute("href")];
      if (!area) return;
      var many = !area.hasAttribute("aria-label"); // see areaLabel in map.go
      var label = point.name + ": " + point.first + (point.interval && !many ? " (" + point.interval + ")" : "") + (point.judged && !(many && point.kind === "inside") ? ", " + point.judged : "");
      if (!many) area.setAttribute("aria-label", label);
      area.querySelector("title").textContent = label;
      area.querySelector("use").setAttribute("class", "area q" + one.q[n]);
    });
    legend.replaceChildren.apply(legend, one.l.map(function (item) { return key("area", "shape", "area " + item[0], item[1]); }));
  }

  // restore gives a figure back what the page has of it, which redraw keeps at first.
  function restore(figure) {
    var own = kept[figure.id] = kept[figure.id] || parts.map(function (part) { var found = figure.querySelector(part); return found && found.cloneNode(true); });
    parts.forEach(function (part, n) {
      var found = figure.querySelector(part);
      if (found) found.replaceChildren.apply(found, own[n].cloneNode(true).childNodes);
    });
    show(figure, true, false);
  }
  function show(figure, isDrawn, isOther) {
    [".canvas", ".legend", ".reading"].forEach(function (part) {
      var found = figure.querySelector(part);
      if (found) found.hidden = !isDrawn;
    });
    var canvas = figure.querySelector(".canvas"), details = figure.querySelector("details"), link = figure.querySelector("[data-rows]");
    canvas.toggleAttribute("data-other", isOther);
    if (!details) return;
    details.hidden = isOther; // it is of the period of the page, and so are its files
    if (!link) {
      link = document.createElement("p");
      link.className = "source";
      link.dataset.rows = "";
      var to = document.createElement("a");
      to.href = "#territories";
      to.textContent = data.w.rows;
      link.append(to);
      details.after(link);
    }
    link.hidden = !isOther || !isDrawn;
  }

  table.addEventListener("period", function (event) {
    var drawn = event.detail.d;
    (drawn || data.p[1].d || []).forEach(function (one) {
      var figure = document.getElementById(one.i + "-figure");
      restore(figure);
      if (!drawn) return;
      figure.querySelector(".finding").textContent = one.f;
      show(figure, !!(one.x || one.q), true);
      if (one.r) figure.querySelector(".reading").textContent = one.r;
      if (one.q) map(one, figure); else if (one.x) plot(one, figure);
    });
  });
})();
