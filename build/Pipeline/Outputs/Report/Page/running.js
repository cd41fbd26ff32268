/** Whether a machine is fit, what models take of memory, and what was measured; where a record is missing, the command that makes it. */
function showRunning(section, running) {
  section.append(...doctorPart(running.doctor), ...fitsPart(running.fits), ...benchPart(running.runs, running.refused));
}

const missingPart = (title, text, command) => [make("h3", {}, title), make("p", { className: "hint" }, text + " ", make("code", {}, command))];

function wideTable(caption, heads, rows, figuresFrom) {
  const cell = (tag, text, i) => make(tag, tag === "th" ? { scope: "col", className: i >= figuresFrom ? "figure" : "" } : { className: i >= figuresFrom ? "figure" : "" }, text);
  return make("div", { className: "wide" }, make("table", {}, make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...heads.map((text, i) => cell("th", text, i)))),
    make("tbody", {}, ...rows.map(row => make("tr", {}, ...row.map((text, i) => cell("td", text, i)))))));
}

function doctorPart(doctor) {
  if (!doctor) return missingPart("The machine", "Nobody asked whether this machine is fit.", "./build.sh --target=Doctor --json");
  const finding = one => {
    const commands = [...one.run, ...one.remove.map(text => "kernel parameter, out: " + text), ...one.add.map(text => "kernel parameter, in: " + text)];
    return make("li", { className: "f-" + one.level }, make("strong", {}, one.level + " "), visible(one.title) + ": " + visible(one.found),
      ...(one.why ? [make("p", { className: "hint" }, visible(one.why) + (one.source ? " (" + visible(one.source) + ", read " + visible(one.read) + ")" : ""))] : []),
      ...(one.remedy ? [make("p", { className: "hint" }, "Do: " + visible(one.remedy))] : []),
      ...commands.map(text => make("p", {}, make("code", {}, visible(text)))));
  };
  return [make("h3", {}, "The machine"), make("p", {}, visible(doctor.verdict)), make("ul", { className: "findings" }, ...doctor.findings.map(finding))];
}

function fitsPart(fits) {
  if (fits.length === 0) return missingPart("Models", "No model was asked for.", "./build.sh --target=FitModel --file=model.gguf --ctx=8192 --record");
  const answers = { fits: "yes", tight: "barely", no: "no" };
  return [make("h3", {}, "Models"), ...fits.map(fit => wideTable(
    visible(fit.model) + ": " + visible(fit.architecture) + ", " + countText(fit.layers) + " layers; memory " + sizeText(fit.memory) + " (" + visible(fit.memorySource) + ")",
    ["Fits", "KV type", "Context", "Weights", "KV cache", "State", "Compute", "All"],
    fit.estimates.map(row => [answers[row.answer], visible(row.cacheType), countText(row.context),
      ...[row.weights + row.copy, row.cache, row.state, row.compute, row.total].map(sizeText)]), 2))];
}

const rate = value => value === 0 ? "0" : value >= 1000 ? commas(value.toFixed(0)) : value >= 100 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(4);

function benchPart(runs, refused) {
  if (refused) return [make("h3", {}, "Measurements"), ...refused.split("\n").map(line => make("p", {}, visible(line)))];
  if (runs.length === 0) return missingPart("Measurements", "Nothing was measured.", "./build.sh --target=Bench --model=model.gguf");
  const kinds = new Map();
  for (const run of runs) for (const s of run.series) kinds.set(JSON.stringify([s.name, s.unit, s.axis]), s);
  const panels = [...kinds.values()].map(kind => {
    const curves = runs.map((run, i) => [i, run.series.find(s => s.name === kind.name && s.unit === kind.unit && s.axis === kind.axis)]).filter(([, s]) => s);
    return make("figure", {}, make("figcaption", {}, visible(kind.name) + ", " + visible(kind.unit)), curvePanel(kind, curves));
  });
  const rows = runs.flatMap(run => run.series.flatMap(s => s.points.map(p =>
    [visible(run.device), visible(s.name), countText(p.x) + " " + visible(s.axis), rate(p.median), rate(p.least), rate(p.most), visible(s.unit)])));
  return [make("h3", {}, "Measurements"),
    make("ul", { className: "runs" }, ...runs.map((run, i) => make("li", {}, make("span", { className: "swatch r" + i }), visible(run.heading),
      ...(run.proof ? [" ", make("code", {}, visible(run.proof))] : [])))),
    make("div", { className: "curves" }, ...panels),
    wideTable("Medians, the least and the most sample", ["On", "What", "At", "Median", "Least", "Most", "Unit"], rows, 2)];
}

function curvePanel(kind, curves) {
  const [width, height, left, right, top, bottom] = [320, 200, 62, 14, 12, 26];
  const points = curves.flatMap(([, s]) => s.points);
  const [first, last] = [Math.min(...points.map(p => p.x)), Math.max(...points.map(p => p.x))];
  const step = 10 ** Math.floor(Math.log10(Math.max(...points.map(p => p.most))));
  const most = Math.ceil(Math.max(...points.map(p => p.most)) / step) * step;
  const x = value => left + 8 + (width - left - right - 8) * (first === last ? 0.5 : (value - first) / (last - first));
  const y = value => height - bottom - (height - top - bottom) * value / most;
  const svg = draw("svg", { width, height, viewBox: "0 0 " + width + " " + height, role: "img", "aria-label": visible(kind.name) + " over " + visible(kind.axis) });
  for (let i = 0; i <= 4; i++) {
    svg.append(draw("line", { x1: left, x2: width - right, y1: y(most * i / 4), y2: y(most * i / 4), class: "grid" }),
      draw("text", { x: left - 6, y: y(most * i / 4) + 4, "text-anchor": "end" }, rate(most * i / 4)));
  }
  for (const [value, anchor] of first === last ? [[first, "middle"]] : [[first, "start"], [last, "end"]])
    svg.append(draw("text", { x: x(value), y: height - 8, "text-anchor": anchor }, visible(kind.axis) + " " + countText(value)));
  for (const [i, s] of curves) {
    svg.append(draw("polyline", { class: "curve r" + i, points: s.points.map(p => x(p.x) + "," + y(p.median)).join(" ") }));
    for (const p of s.points) {
      svg.append(draw("line", { class: "curve r" + i, x1: x(p.x), x2: x(p.x), y1: y(p.most), y2: y(p.least) }),
        draw("circle", { class: "median r" + i, cx: x(p.x), cy: y(p.median), r: 3.5 },
          draw("title", {}, visible(s.name) + " at " + visible(s.axis) + " " + countText(p.x) + ": " + rate(p.median) + " " + visible(s.unit))));
    }
  }
  return svg;
}
