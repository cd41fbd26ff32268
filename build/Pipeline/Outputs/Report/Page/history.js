/** Sizes of the recorded builds as lines, with the figures in a table below. */
function showHistory(section, builds) {
  if (builds.length < 2) return;
  section.hidden = false;
  const lines = [["full", "Full"], ["minimal", "Minimal"], ["packed", "Minimal, compressed"]].filter(([key]) => builds.some(build => build[key] !== undefined));
  const host = document.getElementById("chart");
  const render = () => host.replaceChildren(chart(host.clientWidth, builds, lines));
  new ResizeObserver(render).observe(host);
  const cell = (tag, text) => make(tag, {}, text);
  document.getElementById("builds").append(
    make("thead", {}, make("tr", {}, ...["Date", "Revision", "Version", ...lines.map(([, title]) => title)].map(text => cell("th", text)))),
    make("tbody", {}, ...builds.map(build => make("tr", {}, ...[visible(build.date), visible(build.revision), visible(build.version),
      ...lines.map(([key]) => build[key] === undefined ? "\u2013" : sizeText(build[key]))].map(text => cell("td", text))))));
}

function chart(width, builds, lines) {
  const [height, left, right, top, bottom] = [260, 78, 16, 24, 36];
  const most = Math.max(1, ...builds.flatMap(build => lines.map(([key]) => build[key] || 0)));
  const x = i => left + (width - left - right) * i / (builds.length - 1);
  const y = value => height - bottom - (height - top - bottom) * value / most;
  const text = lines.map(([key, title]) => title + " from " + sizeText(builds.find(b => b[key] !== undefined)[key]) + " to " + sizeText(builds.findLast(b => b[key] !== undefined)[key]));
  const svg = draw("svg", { width, height, viewBox: "0 0 " + width + " " + height, role: "img", "aria-label": countText(builds.length) + " builds: " + text.join("; ") });
  for (let i = 0; i <= 4; i++) {
    svg.append(draw("line", { x1: left, x2: width - right, y1: y(most * i / 4), y2: y(most * i / 4), class: "grid" }),
      draw("text", { x: left - 6, y: y(most * i / 4) + 4, "text-anchor": "end" }, sizeText(Math.round(most * i / 4))));
  }
  const ends = [[0, "start"], [builds.length - 1, "end"]];
  for (const [i, anchor] of ends) svg.append(draw("text", { x: x(i), y: height - 12, "text-anchor": anchor }, visible(builds[i].date)));
  for (const [key, title] of lines) {
    const points = builds.map((build, i) => [i, build[key]]).filter(([, value]) => value !== undefined);
    svg.append(draw("polyline", { class: "line l-" + key, points: points.map(([i, value]) => x(i) + "," + y(value)).join(" ") }));
    for (const [i, value] of points) {
      svg.append(draw("circle", { class: "dot l-" + key, cx: x(i), cy: y(value), r: 3 },
        draw("title", {}, title + ", " + visible(builds[i].date) + ": " + sizeText(value))));
    }
    const [last, value] = points.at(-1);
    svg.append(draw("text", { x: x(last), y: y(value) - 8, "text-anchor": "end", class: "name" }, title + " " + sizeText(value)));
  }
  return svg;
}
