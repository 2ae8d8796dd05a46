// What the page does beyond showing itself. Without it everything is readable;
// with it charts answer to the pointer, tables sort and filter, and the search finds.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var words = data.words;

  // ---- charts: the still drawing gives way to ECharts when it comes into view
  var library = null;
  function load() {
    library = library || new Promise(function (resolve, reject) {
      var script = document.createElement("script");
      script.src = data.library;
      script.onload = function () { resolve(window.echarts); };
      script.onerror = reject;
      document.head.appendChild(script);
    });
    return library;
  }

  // tips are the texts of points that stand in the rows of a table: see chart.go. They are
  // read before anybody sorts the table or chooses another period for it.
  var tips = {};
  Object.keys(data.charts).forEach(function (id) {
    var from = data.charts[id].tips, table = from && document.getElementById(from.table);
    tips[id] = table ? Array.prototype.map.call(table.tBodies[0].rows, function (row) {
      var cells = row.cells, text = cells[0].textContent + ": " + cells[from.value].textContent;
      function say(column, before, after) { if (column >= 0 && cells[column].textContent) text += before + cells[column].textContent.trim() + (after || ""); }
      say(from.interval, " (", ")");
      say(from.n, " · n ");
      if (from.always || /class-(small|immature)/.test(cells[from.value].className)) say(from.word, " · ");
      return text;
    }) : [];
  });
  function named(option, id) {
    option.series.forEach(function (series) {
      if (series.type === "scatter" && option.tips) series.data = series.data.map(function (point) {
        var at = point.value || point;
        return { name: tips[id][at[2]], value: [at[0], at[1]], label: point.label };
      });
    });
    return option;
  }

  // resolved copies an option with the custom properties in it replaced by
  // their colours, and gives the axes the texts of their ticks, which come as a
  // table, as options are plain JSON.
  function resolved(option) {
    var style = getComputedStyle(document.documentElement);
    function walk(value) {
      if (typeof value === "string") {
        return value.replace(/var\((--[a-z0-9-]+)\)/g, function (_, name) { return style.getPropertyValue(name).trim(); });
      }
      if (Array.isArray(value)) return value.map(walk);
      if (value && typeof value === "object") {
        var copy = {};
        Object.keys(value).forEach(function (key) { copy[key] = walk(value[key]); });
        return copy;
      }
      return value;
    }
    var copy = walk(option);
    ["xAxis", "yAxis"].forEach(function (side) {
      [].concat(copy[side] || []).forEach(function (axis) {
        var table = axis.axisLabel && axis.axisLabel.texts;
        if (table) axis.axisLabel.formatter = function (value) { return table[String(+Number(value).toPrecision(12))] || ""; };
      });
    });
    [].concat(copy.xAxis || []).forEach(function (axis) { // the still drawing has a fixed width; this one measures
      if (axis.type === "category") axis.axisLabel.interval = "auto";
    });
    copy.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily };
    copy.animation = false;
    return copy;
  }

  // A chart keeps its still drawing where it would have too little room; that one
  // scrolls within its frame.
  var live = [];
  function enliven(canvas) {
    if (canvas.clientWidth < 480) return;
    var id = canvas.dataset.chart, still = canvas.querySelector(".still"), drawing = still.querySelector("svg");
    load().then(function (echarts) {
      var box = document.createElement("div");
      box.className = "live";
      box.setAttribute("role", "img");
      box.setAttribute("aria-label", drawing.querySelector("title").textContent + ". " + drawing.querySelector("desc").textContent);
      var frame = drawing.viewBox.baseVal;
      box.style.height = Math.round(Math.max(drawing.getBoundingClientRect().height, Math.min(frame.height, 360))) + "px";
      canvas.appendChild(box);
      canvas.classList.add("is-live");
      var chart = echarts.init(box, null, { renderer: "canvas" });
      chart.setOption(named(resolved(data.charts[id]), id));
      live.push({ chart: chart, id: id });
      new ResizeObserver(function () { if (box.clientWidth > 0) chart.resize(); }).observe(box); // a narrow canvas shows the still drawing
    }).catch(function () { /* the still drawing stays */ });
  }
  function redraw() {
    live.forEach(function (one) { one.chart.setOption(named(resolved(data.charts[one.id]), one.id), true); });
  }
  if ("IntersectionObserver" in window) {
    var watcher = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting) { watcher.unobserve(entry.target); enliven(entry.target); }
      });
    }, { rootMargin: "100px" });
    document.querySelectorAll("[data-chart]").forEach(function (canvas) { watcher.observe(canvas); });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  // ---- tables
  function sortKey(cell) {
    var time = cell.querySelector("time");
    if (time) return time.dateTime;
    var key = cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim();
    if (cell.dataset.sort === undefined && cell.classList.contains("num") && /^[0-9][0-9.,]*$/.test(key)) key = key.replace(/[.,]/g, ""); // a whole number
    return key !== "" && !isNaN(key) ? Number(key) : key;
  }
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a === "number") return -1;
    if (typeof b === "number") return 1;
    return a.localeCompare(b, document.documentElement.lang);
  }
  document.querySelectorAll("table[data-sortable]").forEach(function (table) {
    var body = table.tBodies[0], heads = table.tHead.rows[0].cells;
    Array.prototype.forEach.call(heads, function (head, column) {
      if (!head.textContent) return;
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending" ||
          (head.classList.contains("num") && head.getAttribute("aria-sort") !== "descending");
        Array.prototype.forEach.call(heads, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        arrange();
      });
      table.addEventListener("refill", arrange); // it has the figures of another period
      function arrange() {
        var down = head.getAttribute("aria-sort") === "descending";
        if (!head.hasAttribute("aria-sort")) return;
        Array.prototype.slice.call(body.rows)
          .map(function (row) { return { row: row, key: sortKey(row.cells[column]) }; })
          .sort(function (a, b) {
            var without = (typeof a.key !== typeof b.key);
            return (down && !without ? -1 : 1) * compare(a.key, b.key);
          })
          .forEach(function (one) { body.appendChild(one.row); });
      }
    });
  });
  document.querySelectorAll("table[data-filter]").forEach(function (table, i) {
    var box = document.createElement("p"), label = document.createElement("label"), input = document.createElement("input"), count = document.createElement("span");
    box.className = "filter";
    input.type = "search";
    input.id = "filter-" + i;
    label.htmlFor = input.id;
    label.textContent = table.dataset.filter;
    count.setAttribute("role", "status");
    box.append(label, input, count);
    table.parentNode.before(box);
    input.addEventListener("input", sieve);
    table.addEventListener("refill", sieve);
    function sieve() {
      var wanted = plain(input.value), shown = 0;
      Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
        row.hidden = wanted !== "" && plain(row.textContent).indexOf(wanted) < 0;
        if (!row.hidden) shown++;
      });
      count.textContent = wanted === "" ? "" : words.rows.replace("{n}", shown);
    }
  });

  // ---- search
  function plain(text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim(); }
  var box = document.querySelector("[data-search]"), input = box.querySelector("input"), list = box.querySelector("ul"), status = box.querySelector("[role=status]");
  var index = [], found = [], at = -1;
  data.search.forEach(function (group) {
    group.e.forEach(function (one) {
      index.push({ one: { t: one[0], k: group.k, h: group.d + one[1] + ".html" }, text: plain(one[0]) });
    });
  });
  box.hidden = false;
  function show() {
    var wanted = plain(input.value);
    found = wanted === "" ? [] : index
      .filter(function (entry) { return (" " + entry.text).indexOf(" " + wanted) >= 0; })
      .sort(function (a, b) { return a.text.indexOf(wanted) - b.text.indexOf(wanted) || a.text.length - b.text.length; })
      .slice(0, 8);
    at = -1;
    list.replaceChildren.apply(list, found.map(function (entry, i) {
      var item = document.createElement("li"), text = document.createElement("span"), kind = document.createElement("small");
      item.id = "search-" + i;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      text.textContent = entry.one.t;
      kind.textContent = entry.one.k;
      item.append(text, kind);
      item.addEventListener("mousedown", function (event) { event.preventDefault(); go(i); });
      return item;
    }));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    status.textContent = wanted === "" ? "" : words.results.replace("{n}", found.length);
  }
  function go(i) { if (found[i]) location.href = found[i].one.h; }
  function choose(i) {
    at = (i + found.length) % found.length;
    Array.prototype.forEach.call(list.children, function (item, j) { item.setAttribute("aria-selected", String(j === at)); });
    input.setAttribute("aria-activedescendant", "search-" + at);
    list.children[at].scrollIntoView({ block: "nearest" });
  }
  input.addEventListener("input", show);
  input.addEventListener("blur", function () { list.hidden = true; input.setAttribute("aria-expanded", "false"); });
  input.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" && found.length) { choose(at + 1); event.preventDefault(); }
    else if (event.key === "ArrowUp" && found.length) { choose(at < 0 ? -1 : at - 1); event.preventDefault(); }
    else if (event.key === "Enter" && found.length) { go(at < 0 ? 0 : at); event.preventDefault(); }
    else if (event.key === "Escape") { input.value = ""; show(); }
  });
})();
