"use strict";
// Draws the charts of a capgap report from the data in the element "charts", with Plotly.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const coarse = window.matchMedia("(pointer: coarse), (hover: none)");
  const DASHES = {
    shannon: "6px,4px", bpsk: "6px,3px,1.5px,3px", "rate-distortion": "8px,2.5px", converse: "9px,2px,2px,2px",
    "normal-approximation": "5px,2.5px", rcu: "1.5px,2px", union: "6px,2px,1.5px,2px,1.5px,2px",
    exact: "2.5px,1.2px", reference: "1.5px,3px",
  };
  const charts = JSON.parse(document.getElementById("charts").textContent);

  // Plotly takes a few tags and entities in texts for markup.
  const plain = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const known = (value) => value !== null && value !== undefined;

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name in made) made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  function dashed(kind) {
    // A piece of a line, to know it by.
    const space = "http://www.w3.org/2000/svg";
    const drawn = document.createElementNS(space, "svg");
    const line = document.createElementNS(space, "line");
    const look = { x1: 0, x2: 28, y1: 3, y2: 3, stroke: "currentColor", "stroke-width": 1.6 };
    for (const [name, value] of Object.entries({ ...look, "stroke-dasharray": DASHES[kind].replaceAll("px", "") })) {
      line.setAttribute(name, value);
    }
    for (const [name, value] of [["width", 28], ["height", 6], ["class", "dashed"], ["aria-hidden", "true"]]) {
      drawn.setAttribute(name, value);
    }
    drawn.append(line);
    return drawn;
  }

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function wrapped(lines) {
    // A long label must not make the box wider than a phone.
    const found = [];
    for (const line of lines) {
      let rest = line;
      while (rest.length > 48) {
        const space = rest.lastIndexOf(" ", 48);
        const end = space > 20 ? space : 48;
        found.push(rest.slice(0, end));
        rest = rest.slice(end).trimStart();
      }
      found.push(rest);
    }
    return found.map(plain).join("<br>");
  }

  function start(section) {
    const number = Number(section.dataset.chart);
    const chart = charts[number];
    const plot = section.querySelector(".plot");
    const state = {
      axis: 0,
      measure: chart.measures[0],
      shown: chart.curves.map(() => true),
      limits: new Set(chart.limit_kinds.filter((kind) => kind.on).map((kind) => kind.kind)),
      reference: true,
    };
    const extras = [];
    controls();
    curveList();
    draw();
    dark.addEventListener("change", () => { swatches(); draw(); });
    coarse.addEventListener("change", draw);

    function controls() {
      const place = section.querySelector(".controls");
      const choice = (type, name, text, checked, change, value, ...marks) => element(
        "label", { className: "choice" },
        element("input", { type, name: `${name}-${number}`, value, checked, onchange: change }), ...marks, text,
      );
      const group = (title, choices) => place.append(
        element("fieldset", {}, element("legend", { textContent: title }), ...choices),
      );
      group("y", chart.measures.map((measure, i) => choice(
        "radio", "y", measure.toUpperCase(), i === 0, () => { state.measure = measure; draw(); }, measure,
      )));
      if (chart.axes.length > 1) {
        group("x", chart.axes.map((axis, i) => choice(
          "radio", "x", axis.short, i === 0, () => { state.axis = i; draw(); }, axis.key,
        )));
      }
      const extra = (name, text, on, measures, change, value, title = "") => {
        const made = choice("checkbox", name, text, on, change, value, dashed(value));
        extras.push({ made, measures, title });
      };
      for (const { kind, name, on, measures, title } of chart.limit_kinds) {
        extra("limit", name, on, measures, (event) => {
          state.limits[event.target.checked ? "add" : "delete"](kind);
          draw();
        }, kind, title);
      }
      const references = [...new Set(chart.references.map((each) => each.name))];
      if (references.length) {
        extra("reference", references.join(", "), true, chart.references.map((each) => each.measure), (event) => {
          state.reference = event.target.checked;
          draw();
        }, "reference");
      }
      if (extras.length) group("show", extras.map(({ made }) => made));
    }

    function offer() {
      // What there is only over the other error rate cannot be switched.
      for (const { made, measures, title } of extras) {
        const there = measures.includes(state.measure);
        made.querySelector("input").disabled = !there;
        made.title = there ? title : `over ${measures.map((each) => each.toUpperCase()).join(", ")} only`;
      }
    }

    function curveList() {
      const place = section.querySelector(".curves");
      const boxes = chart.curves.map((curve, i) => element("input", {
        type: "checkbox", checked: true, onchange: (event) => { state.shown[i] = event.target.checked; draw(); },
      }));
      boxes.forEach((box, i) => place.append(element(
        "label", {}, box, element("span", { className: "swatch" }),
        element("span", { className: "name", textContent: chart.curves[i].name }),
      )));
      const all = (on) => () => {
        boxes.forEach((box, i) => { box.checked = on; state.shown[i] = on; });
        draw();
      };
      if (boxes.length > 2) {
        place.append(
          element("button", { type: "button", textContent: "all", onclick: all(true) }),
          element("button", { type: "button", textContent: "none", onclick: all(false) }),
        );
      }
      const notes = [];
      if (chart.curves.some((curve) => curve.points.some((point) => point.bound))) notes.push(`▼ ${chart.bound_name}`);
      if (chart.crossings.length) notes.push(`★ ${chart.crossing_name}`);
      if (chart.curves.some((curve) => curve.points.some((point) => point.way))) {
        notes.push("pale: points that showed a search the way");
      }
      if (chart.curves.some((curve) => curve.iterations.length)) notes.push("pale lines: after fewer iterations");
      if (notes.length) place.append(element("p", { className: "legend", textContent: notes.join(" · ") }));
      swatches();
    }

    function swatches() {
      section.querySelectorAll(".swatch").forEach((swatch, i) => { swatch.style.background = paint(i); });
    }

    function paint(i) {
      return chart.curves[i].colours[dark.matches ? 1 : 0];
    }

    function curveTraces(i, key) {
      const curve = chart.curves[i];
      const common = { type: "scatter", hoverinfo: "text", showlegend: false, name: plain(curve.name) };
      const values = (points, j) => points.map((point) => point[state.measure][j]);
      const made = (points, more) => ({
        ...common, ...more, x: points.map((point) => point.x[key]), hovertext: points.map((point) => wrapped(point.text)),
      });
      const estimates = (points, more) => made(points, {
        y: values(points, 0),
        error_y: {
          type: "data", symmetric: false, thickness: 1.1, width: 3, color: paint(i),
          array: points.map((point) => Math.max(point[state.measure][2] - point[state.measure][0], 0)),
          arrayminus: points.map((point) => Math.max(point[state.measure][0] - point[state.measure][1], 0)),
        },
        line: { color: paint(i), width: 1.8 },
        marker: { symbol: curve.symbol, size: 7, color: colour("--card"), line: { color: paint(i), width: 1.6 } },
        ...more,
      });
      const upper = (points, more) => made(points, {
        y: values(points, 2), mode: "markers", marker: { symbol: "triangle-down", size: 11, color: paint(i) }, ...more,
      });
      const seen = curve.points.filter((point) => !point.bound);
      const bounds = curve.points.filter((point) => point.bound);
      const earlier = curve.iterations.flatMap(({ points, strength }) => [
        estimates(points.filter((point) => !point.bound), { mode: "lines", opacity: strength, meta: "iteration" }),
        upper(points.filter((point) => point.bound), { opacity: strength, meta: "iteration" }),
      ]);
      return [
        ...earlier,
        estimates(seen.filter((point) => !point.way), { mode: "lines+markers", meta: "curve" }),
        estimates(seen.filter((point) => point.way), { mode: "markers", opacity: 0.4, meta: "way" }),
        upper(bounds, { meta: "bound" }),
      ].filter((trace) => trace.x.length);
    }

    function shownOf(limits) {
      // A limit goes with the last of its curves.
      return limits.filter((limit) => state.limits.has(limit.kind) && limit.curves.some((i) => state.shown[i]));
    }

    function ink(limit) {
      const own = limit.curves.filter((i) => state.shown[i]);
      return own.length === 1 ? paint(own[0]) : colour("--soft");
    }

    function limitTrace(limit, x, y, name, lines) {
      return {
        type: "scatter", mode: "lines", x, y, name: plain(name), meta: `limit-${limit.kind}`, showlegend: false,
        line: { color: ink(limit), width: 1.4, dash: DASHES[limit.kind] },
        hoverinfo: "text", hovertext: lines.map(wrapped),
      };
    }

    function limitCurveTraces(key) {
      const rate = (y) => `${state.measure.toUpperCase()} = ${y < 1e-3 ? y.toExponential(2) : y.toPrecision(3)}`;
      const shown = shownOf(chart.limit_curves).filter((limit) => limit.measure === state.measure);
      return shown.map((limit) => {
        const x = limit.x[key];
        const lines = limit.y.map((y, i) => [...limit.text, place(x[i], key), rate(y)]);
        return limitTrace(limit, x, limit.y, limit.text.join(", "), lines);
      });
    }

    function limitTraces(key, low, layout) {
      const [from, to] = chart.axes[state.axis].range;
      const taken = [0.02, 0.27, 0.52].map((height) => ({ height, last: -Infinity }));
      const shown = shownOf(chart.limits)
        .filter((limit) => known(limit.x[key]) && (!chart.axes[state.axis].log || limit.x[key] > 0))
        .sort((a, b) => a.x[key] - b.x[key]);
      const room = 34 / Math.max(plot.clientWidth - 70, 100);
      return shown.map((limit) => {
        const x = limit.x[key];
        const log = chart.axes[state.axis].log;
        const part = log ? Math.log(x / from) / Math.log(to / from) : (x - from) / (to - from);
        if (part >= 0 && part <= 1) {
          const free = taken.find((each) => part - each.last > room)
            || taken.reduce((a, b) => (a.last <= b.last ? a : b));
          const right = part < room / 2; // beside the line, but not over the axis
          free.last = right ? part + room / 2 : part;
          layout.annotations.push({
            x: log ? Math.log10(x) : x, xref: "x", y: free.height, yref: "paper", text: plain(label(limit, key)),
            textangle: -90, xanchor: right ? "left" : "right", yanchor: "bottom", showarrow: false, borderpad: 1,
            font: { size: 11, color: ink(limit) }, bgcolor: `${colour("--card")}99`, // points are seen through it
          });
        }
        const steps = 60; // so that there is something to point at all along the line
        const y = Array.from({ length: steps + 1 }, (_, i) => low * (1.3 / low) ** (i / steps));
        return limitTrace(limit, y.map(() => x), y, limit.name, y.map(() => [limit.name, place(x, key)]));
      });
    }

    function place(x, key) {
      const axis = chart.axes.find((each) => each.key === key);
      return `${axis.short} = ${Number(x.toPrecision(4))}${key.endsWith("_db") ? " dB" : ""}`;
    }

    function label(limit, key) {
      const rate = limit.text.slice(0, limit.text.indexOf(":"));
      return key.endsWith("_db") ? `${rate}: ${limit.x[key].toFixed(2)} dB` : limit.text;
    }

    function referenceTraces(key) {
      if (!state.reference) return [];
      const traces = [];
      for (const each of chart.references) {
        if (each.measure !== state.measure || each.axis !== key) continue;
        const common = { type: "scatter", mode: "lines", showlegend: false, meta: "reference", name: plain(each.name) };
        if (known(each.fill)) {
          traces.push({
            ...common, x: [...each.x, each.fill, each.fill], y: [...each.y, each.y[each.y.length - 1], each.y[0]],
            fill: "toself", fillcolor: colour("--hover"), line: { width: 0 }, hoverinfo: "skip", meta: "region",
          });
        }
        traces.push({
          ...common, x: each.x, y: each.y, line: { color: colour("--soft"), width: 1.5, dash: "dot" },
          hoverinfo: "text", hovertext: wrapped([each.name]),
        });
      }
      return traces;
    }

    function crossingTraces(key, layout) {
      const shown = chart.crossings.filter((each) => each.measure === state.measure && state.shown[each.curve]);
      for (const y of new Set(shown.map((each) => each.y))) {
        layout.shapes.push({
          type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, layer: "below",
          line: { color: colour("--soft"), width: 1, dash: "dot" },
        });
      }
      return shown.map((each) => ({
        type: "scatter", mode: "markers", x: [each.x[key]], y: [each.y], showlegend: false, meta: "crossing",
        name: plain(chart.curves[each.curve].name), hoverinfo: "text", hovertext: wrapped([each.text]),
        marker: { symbol: "star", size: 15, color: paint(each.curve), line: { color: colour("--text"), width: 1 } },
        error_x: {
          type: "data", symmetric: false, thickness: 1.6, width: 5, color: colour("--text"),
          array: [known(each.high[key]) ? each.high[key] - each.x[key] : 0],
          arrayminus: [known(each.low[key]) ? each.x[key] - each.low[key] : 0],
        },
      }));
    }

    function draw() {
      offer();
      const axis = chart.axes[state.axis];
      const rate = chart.rates[state.measure];
      const lines = {
        gridcolor: colour("--grid"), linecolor: colour("--line"), zeroline: false, showline: true, mirror: true,
        ticks: "outside", tickcolor: colour("--line"), automargin: true,
      };
      const layout = {
        margin: { l: 56, r: 12, t: 12, b: 48 }, showlegend: false, hovermode: "closest", hoverdistance: 14,
        paper_bgcolor: colour("--card"), plot_bgcolor: colour("--card"), autosize: true,
        dragmode: coarse.matches ? false : "zoom",
        font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("--text") },
        hoverlabel: {
          align: "left", bgcolor: colour("--card"), bordercolor: colour("--soft"),
          font: { size: 12, color: colour("--text") }, namelength: -1,
        },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: colour("--soft"), activecolor: colour("--text") },
        // A view that was zoomed into is kept until an axis means something else.
        uirevision: `${state.axis} ${state.measure}`,
        xaxis: {
          ...lines, title: { text: plain(axis.name), standoff: 8 }, type: axis.log ? "log" : "linear",
          range: axis.log ? axis.range.map(Math.log10) : axis.range,
        },
        yaxis: {
          ...lines, title: { text: plain(rate.name), standoff: 6 }, type: "log", dtick: 1,
          exponentformat: "power", range: [Math.log10(rate.low), Math.log10(1.3)],
          minor: { showgrid: true, gridcolor: colour("--grid"), griddash: "dot" },
        },
        annotations: [], shapes: [],
      };
      const traces = [
        ...referenceTraces(axis.key),
        ...limitTraces(axis.key, rate.low, layout),
        ...limitCurveTraces(axis.key),
        ...chart.curves.flatMap((_, i) => (state.shown[i] ? curveTraces(i, axis.key) : [])),
        ...crossingTraces(axis.key, layout),
      ];
      Plotly.react(plot, traces, layout, {
        responsive: true, displayModeBar: coarse.matches ? false : "hover", displaylogo: false, doubleClick: "reset",
        // Named, so that none is there that would talk to somebody's server.
        modeBarButtons: [["toImage"], ["zoom2d", "pan2d"], ["zoomIn2d", "zoomOut2d", "resetScale2d"]],
        toImageButtonOptions: { format: "svg", filename: "capgap" },
      });
    }
  }

  document.querySelectorAll("section.chart").forEach(start);
})();
