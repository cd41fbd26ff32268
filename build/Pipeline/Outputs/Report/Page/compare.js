/** Draws the full and the minimal image, areas on one scale. */
function compare(host, legend, full, minimal) {
  const render = () => {
    const [width, gap] = [host.clientWidth, 16];
    const narrow = width < 600;
    const whole = Math.max(full.size, minimal.size, 1);
    const base = { w: narrow ? width : (width - gap) / (1 + Math.sqrt(minimal.size / whole)), h: narrow ? 280 : 380 };
    const parts = [["Full image", full, data.full], ["Minimal image", minimal, data.minimal]].map(([title, tree, totals]) => {
      const side = Math.sqrt(tree.size / whole);
      const box = { x: 0, y: 0, w: base.w * side, h: base.h * side };
      const text = title + ": " + sizeText(totals.bytes) + " in " + countText(totals.files) + " files";
      const picture = make("div", { className: tree === full ? "picture s-gone" : "picture s-stays", role: "img", "aria-label": text });
      picture.style.width = box.w + "px";
      picture.style.height = box.h + "px";
      paint(picture, tree, box, tree === full ? fullLeaf : minimalLeaf, 12);
      labels(picture, tree, box);
      return make("figure", {}, make("figcaption", {}, make("b", {}, title), " " + sizeText(totals.bytes)), picture);
    });
    host.replaceChildren(...parts);
  };
  new ResizeObserver(render).observe(host);
  const whole = data.full.bytes;
  const stays = rows.reduce((all, row) => all + row.after, 0);
  for (const [key, text, bytes] of [["stays", "stays", stays], ["taken", "GPU code saved inside files that stay", data.takenOut],
    ...(data.replaced > 0 ? [["replaced", "libraries with a stand-in", data.replaced]] : []), ["gone", "files that are dropped", data.dropped]]) {
    legend.append(make("li", {}, make("span", { className: "swatch s-" + key }), text + ": " + sizeText(bytes) + ", " + percent(bytes, whole)));
  }
}

function minimalLeaf(host, node, box) {
  host.append(place(make("span", { className: "leaf s-stays" }), box));
}

function fullLeaf(host, node, box) {
  const { row } = node;
  if (row.action === DROPPED) {
    host.append(place(make("span", { className: "leaf s-gone" }), box));
    return;
  }
  const part = Math.min(1, row.after / row.size);
  const wide = box.w >= box.h;
  const first = wide ? { ...box, w: box.w * part } : { ...box, h: box.h * part };
  host.append(place(make("span", { className: "leaf s-stays" }), first));
  if (part < 1) {
    const rest = wide ? { ...box, x: box.x + first.w, w: box.w - first.w } : { ...box, y: box.y + first.h, h: box.h - first.h };
    host.append(place(make("span", { className: "leaf " + (isStandIn(row.action) ? "s-replaced" : "s-taken") }), rest));
  }
}

// Names of what is large enough to carry one: the largest folders that still fit, or files.
function labels(host, tree, whole) {
  const visit = (node, box, depth) => {
    let found = false;
    for (const inner of layout(node.all, box.x, box.y, box.w, box.h)) {
      if (inner.w < 90 || inner.h < 24) continue;
      found = true;
      const large = inner.node.size > 0.25 * tree.size && !inner.node.row && depth < 6;
      if (large && visit(inner.node, inner, depth + 1)) continue;
      host.append(place(make("span", { className: "label" }, make("span", {}, nameOf(inner.node.label) + " " + sizeText(inner.node.size))), inner));
    }
    return found;
  };
  visit(tree, whole, 0);
}
