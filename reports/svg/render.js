// What ECharts needs outside a browser, and the one function that Go calls.
"use strict";

// Timers never fire: a drawing is made in one go, without animation.
var setTimeout = function () { return 0; };
var clearTimeout = function () {};

// texts gives the axes of an option their labels. Options are plain JSON, so
// the labels of the ticks come as a table; report.js does the same in the page.
function texts(option) {
  ["xAxis", "yAxis"].forEach(function (side) {
    [].concat(option[side] || []).forEach(function (axis) {
      var table = axis.axisLabel && axis.axisLabel.texts;
      if (table) {
        axis.axisLabel.formatter = function (value) {
          return table[String(+Number(value).toPrecision(12))] || "";
        };
      }
    });
  });
}

function render(json, width, height) {
  var option = JSON.parse(json);
  texts(option);
  option.animation = false;
  var chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: width, height: height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
