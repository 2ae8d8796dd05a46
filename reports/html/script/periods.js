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
    Object.keys(attributes).forEach(function (key) { if (attributes[key] !== "") made.setAttribute(key, attributes[key]); });
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

  // plane begins the area of a plot in a drawing. Its places are written as parts of it, so that
  // it can take another size on a narrow screen: what classes and numbers mean there says narrow.go.
  function plane(into, box, isRows, isDeep) {
    var outer = node("foreignObject", { "class": "plot" + (isRows ? " rows" : isDeep ? " deep" : ""), x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top });
    var at = { svg: node("svg", { width: "100%", height: "100%" }), width: box.right - box.left, height: box.bottom - box.top, left: isRows ? 7 : isDeep ? 64 : 44, right: isRows ? 7 : 12 };
    at.narrow = 254 - at.left - at.right;
    at.across = function (x) { return px(100 * x / at.width) + "%"; };
    at.down = function (y) { return px(100 * y / at.height) + "%"; };
    outer.append(at.svg);
    into.append(outer);
    return at;
  }
  function lines(into, kind) {
    var made = node("svg", { "class": "lines" + kind, viewBox: "0 0 " + px(into.width) + " " + px(into.height), preserveAspectRatio: "none" });
    into.svg.append(made);
    return made;
  }
  function line(into, d, colour, width, dash) {
    var made = node("path", { d: d, fill: "none", stroke: "var(--" + colour + ")", "stroke-width": width, "stroke-linejoin": "round" });
    if (dash) made.setAttribute("stroke-dasharray", 4 * width + "," + 2 * width);
    into.append(made);
  }
  function labels(into, anchor, right, below, all, kind) {
    var group = node("g", { "class": kind || "", fill: "var(--muted)", "font-size": 12, "text-anchor": anchor, transform: "translate(" + right + " " + below + ")" });
    all.forEach(function (one) { group.append(node("text", { x: one[0], y: one[1], "class": one[3] || "" }, one[2])); });
    into.svg.append(group);
  }
  // ends gives the class of a text in the middle of a place, and from where to where it goes on the narrowest screen.
  function ends(into, text, size, x) {
    var wide = 0.56 * size * text.length, at = x / into.width * into.narrow;
    return at - wide / 2 - 3 < -into.left ? ["at-start", at, at + wide] : at + wide / 2 + 3 > into.narrow + into.right ? ["at-end", at - wide, at] : ["", at - wide / 2, at + wide / 2];
  }
  // sides draws the axis of values below, and the upright one where there is one.
  function sides(into, one, x, y) {
    var grid = lines(into, " straight");
    function across(axis, side, path) {
      var at = axis.t.filter(function (tick) { return side.holds(Number(tick[0])); }).map(function (tick) { return side.at(Number(tick[0])); });
      return at.concat([side.at(axis.a), side.at(axis.b)]).map(function (pixel) { return path(px(pixel)); }).join("");
    }
    if (one.y) line(grid, across(one.y, y, function (at) { return "M0 " + at + "H" + px(into.width); }), "rule", 1);
    line(grid, across(one.x, x, function (at) { return "M" + at + " 0V" + px(into.height); }), "rule", 1);
    var ticks = one.x.t.filter(function (tick) { return x.holds(Number(tick[0])); }).map(function (tick) { return { x: x.at(Number(tick[0])), text: tick[1] }; }), every = 1;
    function fits(k) {
      var end = -Infinity;
      return ticks.every(function (tick, n) {
        var span = n % k ? null : ends(into, tick.text, 12, tick.x), isFree = !span || span[1] > end + 4;
        if (span) end = span[2];
        return isFree;
      });
    }
    while (every < ticks.length && !fits(every)) every++;
    labels(into, "middle", 0, 18.2, ticks.map(function (tick, n) { return [into.across(tick.x), "100%", tick.text, n % every ? "no-room" : ends(into, tick.text, 12, tick.x)[0]]; }));
    if (one.y) labels(into, "end", -8, 4.2, one.y.t.filter(function (tick) { return y.holds(Number(tick[0])); }).map(function (tick) { return ["0", into.down(y.at(Number(tick[0]))), tick[1]]; }));
    if (one.x.n) labels(into, "middle", 0, 38.2, [["50%", "100%", one.x.n]]);
    if (one.y && one.y.n) labels(into, "start", 0, -16.8, [["0", "0", one.y.n]]);
  }

  // looks are the shapes of the points, from the lowest to the uppermost.
  var order = ["inside", "above", "below", "far-above", "far-below", "unjudged", "caution"];
  var looks = { inside: ["circle", 7, "hollow"], above: ["up", 10], below: ["down", 10], "far-above": ["diamond", 14], "far-below": ["diamond", 14], unjudged: ["square", 5, "hollow"], caution: ["circle", 8, "hollow"], plain: ["circle", 9] };
  var tones = { better: "better", worse: "worse" };
  function colour(point, look) { return look[2] || tones[point.tone] || (point.tone ? "change" : "neutral"); }
  function mark(into, look, fill, edge, x, y) {
    var r = look[1] / 2, up = look[0] === "down" ? r : -r, attributes = { fill: "var(--" + fill + ")", stroke: "var(--" + edge + ")", "stroke-width": 1.5 };
    if (look[0] === "circle") return node("circle", Object.assign({ cx: into.across(x), cy: into.down(y), r: r }, attributes));
    var place = node("svg", { x: into.across(x), y: into.down(y) }); // a path has no place of its own
    place.append(node("path", Object.assign({ d: look[0] === "square" ? "M-" + r + "-" + r + "h" + 2 * r + "v" + 2 * r + "h-" + 2 * r + "z" :
      look[0] === "diamond" ? "M0-" + r + "l" + r + " " + r + "-" + r + " " + r + "-" + r + "-" + r + "z" : "M0 " + up + "l" + r + " " + -2 * up + "h" + -2 * r + "z" }, attributes)));
    return place;
  }
  function pin(made, text) { (made.firstElementChild || made).append(node("title", {}, text)); return made; }

  // beside writes the names of points, of larger marks first, but none over another.
  function beside(into, names) {
    var written = [], narrow = [];
    function span(one, x, isLeft) {
      var away = one.size / 2 + 5.75, wide = 0.56 * 11.5 * one.text.length;
      return isLeft ? { from: x - away - wide, to: x - away, y: one.y } : { from: x + away, to: x + away + wide, y: one.y };
    }
    function over(one) { return function (other) { return one.from < other.to && other.from < one.to && Math.abs(one.y - other.y) < 11.5; }; }
    names.sort(function (a, b) { return b.size - a.size; }).forEach(function (one) {
      var here = span(one, one.x, one.left), at = one.x * into.narrow / into.width, there = span(one, at, one.left), kind = "";
      if (written.some(over(here))) return;
      written.push(here);
      if (!one.left && there.to > into.narrow + into.right) { there = span(one, at, true); kind = "flip"; }
      if (there.from < -into.left || narrow.some(over(there))) kind = "no-room"; else narrow.push(there);
      into.svg.append(node("text", { "class": kind, x: into.across(one.x), y: into.down(one.y), dx: (one.left ? -1 : 1) * (one.size / 2 + 5.75), dy: 4.03, "font-size": 11.5, "text-anchor": one.left ? "end" : "start", fill: "var(--ink)",
        stroke: "var(--surface)", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" }, one.text));
    });
  }

  function longest(texts) { return Math.max.apply(null, texts.map(function (text) { return text.length; })); }
  function second(tick) { return tick[1]; }

  function funnel(one, drawing) {
    var letters = longest(one.y.t.map(second)), into = plane(drawing, { left: 16 + Math.floor(6.9 * letters), right: 560 - (one.x.r || 24), top: one.y.n ? 28 : 12, bottom: 352 }, false, letters > 5), names = [], used = {};
    var x = scale(one.x, 0, into.width), y = scale(one.y, into.height, 0), limits = ["", "", "", ""], open = [];
    sides(into, one, x, y);
    one.c.split(";").forEach(function (packed) {
      var at = packed.split(" ");
      for (var k = 0; k < 4; k++) {
        if (at[k + 1] !== "-") limits[k] += (open[k] ? "L" : "M") + px(x.along(at[0])) + " " + px(y.along(at[k + 1]));
        open[k] = at[k + 1] !== "-";
      }
    });
    var curves = lines(into, "");
    limits.forEach(function (d, k) { if (d) line(curves, d, "limit", k < 2 ? 1.5 : 1.25, k > 1); });
    line(curves, "M0 " + px(y.at(one.m)) + "H" + px(into.width), "accent", 1.25);
    var all = points(one).filter(function (point) { return point.n > 0 && x.holds(point.n) && y.holds(point.value); });
    order.forEach(function (kind) {
      all.filter(function (point) { return point.kind === kind; }).forEach(function (point) {
        var look = looks[kind], at = [x.at(point.n), y.at(point.value)], fill = colour(point, look);
        into.svg.append(pin(mark(into, look, fill, fill !== "hollow" ? "surface" : kind === "inside" ? "neutral" : "limit", at[0], at[1]), point.name + ": " + point.said + " · n " + point.size + (point.judged ? " · " + point.judged : "")));
        used[kind] = [look[0] === "circle" ? "hollow" : look[0] === "square" ? "hollow" : look[0], kind === "inside" ? "neutral" : kind === "unjudged" ? "limit" : fill, point.judged || data.w.unjudged];
        if (/^far/.test(kind) || !/province/.test(one.i) && /above|below/.test(kind)) names.push({ text: point.name, x: at[0], y: at[1], size: look[1], left: x.share(point.n) > 0.75 });
      });
    });
    beside(into, names);
    return used;
  }

  function intervals(one, drawing) {
    var ranges = one.w.split(";"), used = {};
    var all = points(one).map(function (point, n) { point.ends = ranges[n] && ranges[n].split(" "); return point; })
      .filter(function (point) { return !isNaN(point.value); }).sort(function (a, b) { return b.value - a.value; });
    var height = 74 + 24 * all.length, whiskers = "";
    var into = plane(drawing, { left: 16 + Math.floor(6.9 * longest(all.map(function (point) { return point.name; }))), right: 530, top: one.b ? 28 : 12, bottom: height - (one.x.n ? 48 : 28) }, true), x = scale(one.x, 0, into.width);
    function middle(n) { return (n + 0.5) / all.length * into.height; }
    drawing.setAttribute("viewBox", "0 0 560 " + height);
    drawing.setAttribute("height", Math.ceil(height + into.height * 2 / 3));
    sides(into, one, x, null);
    all.forEach(function (point, n) { if (point.ends) whiskers += "M" + px(x.along(point.ends[0])) + " " + px(middle(n)) + "H" + px(x.along(point.ends[1])); });
    if (whiskers) line(lines(into, ""), whiskers, "neutral", 1.75);
    all.forEach(function (point, n) {
      var kind = point.caution ? "caution" : /above|below/.test(point.kind) ? point.kind : "plain", look = looks[kind], fill = kind === "plain" ? "neutral" : colour(point, look);
      into.svg.append(pin(mark(into, look, fill, fill === "hollow" ? "limit" : "surface", x.at(point.value), middle(n)), point.name + ": " + point.first +
        (point.interval ? " (" + point.interval + ")" : "") + (point.size ? " · n " + point.size : "") + (point.caution ? " · " + point.caution : "")));
      if (kind !== "plain") used[kind] = [kind === "caution" ? "hollow" : look[0], kind === "caution" ? "limit" : fill, kind === "caution" ? data.w.caution : point.judged];
    });
    if (one.b) {
      var at = x.at(one.m), label = node("g", { "class": ("upright " + ends(into, one.b, 11.5, at)[0]).trim(), fill: "var(--ink)", "font-size": 11.5, "text-anchor": "middle", transform: "translate(0 -6.73)" });
      line(lines(into, " straight"), "M" + px(at) + " 0V" + px(into.height), "accent", 1.25);
      label.append(node("text", { x: into.across(at), y: "0%" }, one.b));
      into.svg.append(label);
    }
    labels(into, "end", -8, 4.2, all.map(function (point, n) { return ["0", into.down(middle(n)), point.name]; }), "names");
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
