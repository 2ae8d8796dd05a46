// What is chosen on a page: the indicator of the map on the national page and on a
// region's, the period of the table of territories on an indicator's. The choice stands in the address
// (#i=no_show_rate, #p=2024); what is shown of it comes written in the page's data, and
// nothing is computed here.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);

  // unpack gives the cells of a row: see Packer in html/choice.go.
  function unpack(row, often, endings) {
    return row.split("|").map(function (packed, n) {
      if (packed[0] === "@") return often[packed.slice(1)];
      var parts = /^([^^!]*)(?:\^([^!]*))?(?:!(.*))?$/.exec(packed), ending = endings && endings[n] || "";
      return packed && { t: parts[1][0] === "=" ? parts[1].slice(1) : parts[1] + ending, s: parts[2] === "" ? parts[1].replace(/[^0-9]/g, "") : parts[2], c: parts[3] };
    });
  }
  function svg(name, attributes) {
    var made = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    return made;
  }
  function shape(name, classes, colour) {
    var made = svg("svg", { class: classes, viewBox: "0 0 16 16", "aria-hidden": "true" }), use = svg("use", { href: "#m-" + name });
    if (colour) use.setAttribute("class", colour);
    made.append(use);
    return made;
  }
  function fill(cell, as) {
    if (cell.classList.contains("num")) cell.className = "num" + (as.c ? " class-" + as.c : "");
    if (as.s) cell.dataset.sort = as.s; else delete cell.dataset.sort;
    cell.textContent = as.k ? "" : as.t || "";
    if (!as.k) return;
    var mark = document.createElement("span"), text = document.createElement("span");
    mark.className = "mark mark-" + as.k + " tone-" + as.e;
    text.textContent = as.t;
    mark.append(shape(as.k, "shape"), text);
    cell.append(mark);
  }

  // choose lets a list of choices and the address lead each other. Back undoes a choice,
  // however many were passed by on the way to it; without any in the address it is the
  // first one again.
  function choose(key, list, first, show) {
    var passing = false;
    function chosen() {
      var found = new RegExp("[#&]" + key + "=([^&]*)").exec(location.hash);
      return found && Array.prototype.some.call(list.options, function (one) { return one.value === found[1]; }) ? found[1] : null;
    }
    function follow() {
      var value = chosen();
      if (value === null && location.hash !== "" && list.value) return; // a link within the page
      list.value = value === null ? first : value;
      reveal();
    }
    function reveal() {
      show(list.value, chosen() === null);
      document.querySelectorAll(".languages a").forEach(function (link) { link.hash = chosen() === null ? "" : key + "=" + list.value; });
    }
    list.addEventListener("change", function () {
      history[passing ? "replaceState" : "pushState"](null, "", "#" + key + "=" + list.value);
      passing = true;
      reveal();
    });
    list.addEventListener("blur", function () { passing = false; });
    list.form.addEventListener("submit", function (event) { event.preventDefault(); });
    window.addEventListener("popstate", function () { passing = false; follow(); });
    list.value = "";
    follow();
    return chosen() !== null;
  }
  function option(value, text) {
    var made = document.createElement("option");
    made.value = value;
    made.textContent = text;
    return made;
  }

  function maps(mapped, box) {
    var list = box.querySelector("select"), figure = box.querySelector("figure"), byId = {}, group = null;
    var hidden = box.hidden, areas = {}, rows = figure.querySelectorAll("tbody tr"), finding = figure.querySelector(".finding");
    figure.querySelectorAll(".map a").forEach(function (area) { areas[area.getAttribute("href")] = area; });
    mapped.i.forEach(function (one) {
      if (one.m) {
        group = document.createElement("optgroup");
        group.label = one.m;
        list.append(group);
      }
      byId[one.i] = one;
      group.append(option(one.i, one.n));
    });
    function show(id, unasked) {
      var one = byId[id];
      box.classList.toggle("unasked", unasked && hidden); // paper need not have it then
      if (figure.dataset.shows === id) return;
      figure.dataset.shows = id;
      figure.querySelector("h3").textContent = one.n;
      var canvas = figure.querySelector(".canvas");
      canvas.setAttribute("aria-label", canvas.getAttribute("aria-label").split(": ")[0] + ": " + one.n); // "Chart: …", as the template has it
      figure.querySelector(".map").setAttribute("aria-label", one.n);
      figure.querySelector("caption").textContent = one.c;
      figure.querySelector(".table-box").setAttribute("aria-label", one.c);
      figure.querySelector(".source a").setAttribute("href", one.h);
      figure.querySelector(".legend").replaceChildren.apply(figure.querySelector(".legend"), one.l.map(function (item) {
        var made = document.createElement("li");
        made.append(shape("area", "shape", "area " + item[0]), item[1]);
        return made;
      }));
      one.r.split(";").forEach(function (packed, n) {
        var row = rows[n], head = row.cells[0].firstElementChild, area = areas[head.getAttribute("href")], cells = unpack(packed, mapped.o);
        cells.forEach(function (as, k) { fill(row.cells[k + 1], as); });
        if (!area) return;
        var label = head.textContent + ": " + cells[0].t + (cells[1].t ? " (" + cells[1].t + ")" : "") + (cells[3].t ? ", " + cells[3].t : "");
        if (area.title) { // a tile, which is named by what it says
          area.title = label;
          area.querySelector("b").textContent = cells[0].t;
        } else {
          area.setAttribute("aria-label", label);
          area.querySelector("title").textContent = label;
        }
        area.querySelector("use").setAttribute("class", "area q" + one.q[n]);
      });
      finding.textContent = one.f;
    }
    finding.setAttribute("role", "status");
    if (matchMedia("(min-width: 64rem)").matches) figure.querySelector("details").open = true;
    box.hidden = box.querySelector("form").hidden = false;
    document.querySelectorAll("[data-map-links]").forEach(function (links) { links.hidden = true; });
    if (choose("i", list, mapped.d, show)) box.scrollIntoView({ behavior: "instant" });
  }

  // written is a table as it is shown, filtered and in order, as CSV in the page's language:
  // what its cells say. No text in it is a formula to a spreadsheet.
  function written(table) {
    var separator = document.documentElement.lang === "it" ? ";" : ",";
    function field(cell) {
      var text = Array.prototype.map.call(cell.childNodes, function (node) { return node.textContent.trim(); }).filter(Boolean).join(" · ").replace(/\s+/g, " ");
      if (/^[=+@-]/.test(text)) text = "'" + text;
      return /[",;]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
    }
    return "\ufeff" + Array.prototype.filter.call(table.rows, function (row) { return !row.hidden; }).map(function (row) {
      return Array.prototype.map.call(row.cells, field).join(separator) + "\r\n";
    }).join("");
  }
  // download gives the reader a text as a file. It goes nowhere else.
  function download(text, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1e4);
  }
  // offer puts a file of the table as it is shown in the place of those of the page, which
  // are of its own period.
  function offer(table, text, name) {
    var files = table.parentNode.parentNode.querySelector(".download"), made = document.createElement("p"), button = document.createElement("button");
    made.className = "download";
    made.hidden = true;
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", function () { download(written(table), name()); });
    made.append(button);
    (files || table.parentNode).after(made);
    return function (isOther) {
      if (files) files.hidden = isOther;
      made.hidden = !isOther;
    };
  }

  function periods(all, form) {
    var table = document.getElementById("territory-table"), rows = Array.prototype.slice.call(table.tBodies[0].rows), byId = {};
    var list = form.querySelector("select"), said = form.querySelector("[role=status]"), shown = all.p[0].i;
    var offered = offer(table, all.w.csv, function () { return location.pathname.split("/").pop().replace(/\.html$/, "-") + list.value + ".csv"; });
    var own = rows.map(function (row) { return row.cloneNode(true); }); // the table as the page has it, in which the others say what differs
    all.p.forEach(function (one) {
      byId[one.i] = one;
      list.append(option(one.i, one.n));
    });
    function show(id) {
      var one = byId[id];
      if (shown === id) return;
      shown = id;
      var packed = one.r.split(";");
      rows.forEach(function (row, n) {
        var cells = packed[n] ? unpack(packed[n], all.o, all.e) : [];
        for (var k = 2; k < row.cells.length; k++) {
          if (cells[k - 2]) fill(row.cells[k], cells[k - 2]); else row.cells[k].replaceWith(own[n].cells[k].cloneNode(true));
        }
      });
      table.caption.textContent = one.c;
      table.parentNode.setAttribute("aria-label", one.c);
      offered(one !== all.p[0]);
      said.textContent = one.f;
      table.dispatchEvent(new CustomEvent("period", { detail: one }));
      table.dispatchEvent(new Event("refill"));
    }
    form.hidden = false;
    if (choose("p", list, shown, show)) form.scrollIntoView({ behavior: "instant" });
  }

  if (data.periods) periods(data.periods, document.querySelector("[data-periods]"));
  if (data.maps && data.maps.i.length > 1) maps(data.maps, document.querySelector("[data-maps]"));
})();
