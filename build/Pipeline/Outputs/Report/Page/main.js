const heading = visible(data.recipe) + " " + visible(data.variant);
document.getElementById("title").textContent = heading;
document.getElementById("about").textContent = [
  visible(data.version), "GPU code for " + data.codeTargets.map(visible).join(", "),
  data.verified ? "verified: every workload ran in the minimal image" : "NOT verified",
  data.revision ? "revision " + visible(data.revision).slice(0, 12) : "",
].filter(Boolean).join(" \u00b7 ");

const slimmed = rows.filter(row => row.after < row.size && row.action !== DROPPED && !isStandIn(row.action)).length;
for (const [term, figure, note] of [
  ["Full image", sizeText(data.full.bytes), countText(data.full.files) + " files"],
  ["Minimal image", sizeText(data.minimal.bytes), countText(data.minimal.files) + " files"],
  ["Saved", percent(data.full.bytes - data.minimal.bytes, data.full.bytes), sizeText(data.full.bytes - data.minimal.bytes)],
  ...(data.replaced > 0 ? [["Stand-ins save", sizeText(data.replaced), "of libraries in whose places they are"]] : []),
  ["GPU code saved", sizeText(data.takenOut), "inside " + countText(slimmed) + (slimmed === 1 ? " file that stays" : " files that stay")],
]) {
  document.getElementById("figures").append(make("div", {}, make("dt", {}, term), make("dd", {}, figure), make("dd", { className: "hint" }, note)));
}

const folderParts = row => row.path.slice(1).split("/");
const after = row => row.after;
const trees = {
  folder: treeOf(rows, after, folderParts, "minimal image"),
  package: treeOf(rows, after, row => [row.owner || "no package", ...folderParts(row)], "minimal image", ": "),
};
compare(document.getElementById("compare"), document.getElementById("compare-legend"), treeOf(rows, row => row.size, folderParts, "full image"), trees.folder);

const map = new Treemap(document.getElementById("map"), document.getElementById("crumbs"), document.getElementById("map-detail"));
map.start(trees.folder);
document.getElementById("map-by").addEventListener("change", event => map.start(trees[event.target.value]));
for (const [key, letter, label] of data.groups) {
  const size = trees.folder.groups[key] || 0;
  if (size > 0) {
    document.getElementById("map-legend").append(make("li", {}, make("span", { className: "swatch g-" + key }, letter),
      label + ": " + sizeText(size) + ", " + percent(size, trees.folder.size)));
  }
}

new PathTable();
showNumbers(document.getElementById("numbers"), data.numbers);
showBeside(document.getElementById("beside"), data.beside);
showRunning(document.getElementById("running"), data.running);
showHistory(document.getElementById("history"), data.history);
requestAnimationFrame(() => setTimeout(() => {
  performance.mark("report-rendered");
  document.documentElement.dataset.rendered = "true";
}));
