const MOST_TILES = 40;

/** A tree of what the rows weigh: folders with a single child are joined with it, those below the root by the given joint. */
function treeOf(list, weigh, partsOf, title, joint = "/") {
  const root = { label: title, parts: new Map(), size: 0, count: 0 };
  for (const row of list) {
    const size = weigh(row);
    if (size <= 0) continue;
    let at = root;
    for (const part of partsOf(row)) {
      if (!at.parts.has(part)) at.parts.set(part, { label: visible(part), parts: new Map(), size: 0, count: 0, joint: at === root ? joint : "/" });
      at = at.parts.get(part);
    }
    at.row = row;
    at.size = size;
  }
  sum(root);
  return finish(root, null, true);
}

function sum(node) {
  if (node.row) {
    node.count = 1;
    node.groups = { [node.row.reason.group.key]: node.size };
    return;
  }
  node.groups = {};
  for (const child of node.parts.values()) {
    sum(child);
    node.size += child.size;
    node.count += child.count;
    for (const [key, size] of Object.entries(child.groups)) node.groups[key] = (node.groups[key] || 0) + size;
  }
}

function finish(node, parent, isRoot) {
  let at = node;
  while (!isRoot && !at.row && at.parts.size === 1) {
    const [child] = at.parts.values();
    child.label = at.label + at.joint + child.label;
    at = child;
  }
  at.parent = parent;
  at.group = groupOf[Object.entries(at.groups).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]] || groupOf.link;
  at.children = [...at.parts.values()].map(child => finish(child, at, false)).sort((a, b) => b.size - a.size || (a.label < b.label ? -1 : 1));
  at.all = at.children;
  gather(at);
  return at;
}

// Hundreds of slivers can be neither seen nor walked by keyboard: the small ones share a tile, which opens like a folder.
function gather(node) {
  if (node.children.length <= MOST_TILES) return;
  const small = node.children.slice(MOST_TILES - 1);
  const rest = { label: countText(small.length) + " smaller", parts: new Map(), row: null, parent: node, children: small, size: 0, count: 0, group: small[0].group };
  for (const child of small) {
    child.parent = rest;
    rest.size += child.size;
    rest.count += child.count;
  }
  rest.all = small;
  gather(rest);
  node.children = [...node.children.slice(0, MOST_TILES - 1), rest];
}

/** Squarified layout: boxes {node, x, y, w, h} whose areas are to each other as the sizes. */
function layout(nodes, x, y, w, h) {
  const boxes = [];
  let left = nodes.reduce((all, node) => all + node.size, 0);
  let at = 0;
  while (at < nodes.length && w > 0 && h > 0 && left > 0) {
    const side = Math.min(w, h);
    const scale = w * h / left;
    let [end, area, worst] = [at, 0, Infinity];
    while (end < nodes.length) {
      const next = area + nodes[end].size * scale;
      const [most, least] = [nodes[at].size * scale, nodes[end].size * scale];
      const ratio = Math.max(side * side * most / (next * next), next * next / (side * side * least));
      if (ratio > worst) break;
      [area, worst] = [next, ratio];
      end++;
    }
    const depth = area / side;
    let along = 0;
    for (; at < end; at++) {
      const length = nodes[at].size * scale / depth;
      boxes.push(w >= h ? { node: nodes[at], x, y: y + along, w: depth, h: length } : { node: nodes[at], x: x + along, y, w: length, h: depth });
      along += length;
      left -= nodes[at].size;
    }
    if (w >= h) [x, w] = [x + depth, w - depth];
    else [y, h] = [y + depth, h - depth];
  }
  return boxes;
}

function place(element, box) {
  element.style.left = box.x + "px";
  element.style.top = box.y + "px";
  element.style.width = box.w + "px";
  element.style.height = box.h + "px";
  return element;
}

/** Paints a tree down to what can still be seen; for the eye only. */
function paint(host, node, box, leaf, least) {
  if (box.w * box.h < least || Math.min(box.w, box.h) < 1.5) return;
  if (node.row) {
    leaf(host, node, box);
    return;
  }
  for (const inner of layout(node.all, box.x, box.y, box.w, box.h)) paint(host, inner.node, inner, leaf, least);
}

/** The treemap that is zoomed by click and keyboard. */
class Treemap {
  constructor(host, crumbs, detail) {
    Object.assign(this, { host, crumbs, detail, node: null });
    host.addEventListener("keydown", event => this.key(event));
    new ResizeObserver(() => host.clientWidth !== this.width && this.render()).observe(host);
  }

  show(node, focus) {
    this.node = node;
    this.detail.replaceChildren();
    this.render();
    const tile = this.tiles.find(t => t.box.node === focus) || this.tiles[0];
    this.mark(tile);
    if (focus !== undefined) tile?.element.focus();
  }

  render() {
    if (!this.node) return;
    this.width = this.host.clientWidth;
    const marked = this.tiles?.find(t => t.element.tabIndex === 0)?.box.node;
    const focused = this.host.contains(document.activeElement);
    this.tiles = layout(this.node.children, 0, 0, this.width, this.host.clientHeight).map(box => this.tile(box));
    this.host.replaceChildren(...this.tiles.map(t => t.element));
    const again = this.tiles.find(t => t.box.node === marked) || this.tiles[0];
    this.mark(again);
    if (focused) again?.element.focus();
    this.path();
  }

  tile(box) {
    const { node } = box;
    const text = node.label + ", " + sizeText(node.size) + (node.row ? "" : ", " + countText(node.count) + " files") + ", "
      + (node.row ? "" : "mostly ") + node.group.label + (node.row ? "" : "; zooms in");
    const element = place(make("button", { type: "button", className: "tile g-" + node.group.key, title: text, tabIndex: -1, "aria-label": text }), box);
    if (box.w > 44 && box.h > 20) {
      element.append(make("span", { className: "name" }, make("b", {}, node.group.letter), " " + node.label));
      if (box.h > 38) element.append(make("span", { className: "size" }, sizeText(node.size)));
    }
    if (!node.row && box.h > 70 && box.w > 60) {
      const inner = make("span", { className: "inner" });
      paint(inner, node, { x: 0, y: 0, w: box.w - 10, h: box.h - 44 }, (host, leaf, at) =>
        host.append(place(make("span", { className: "leaf g-" + leaf.group.key }, at.w > 60 && at.h > 17 ? leaf.group.letter + " " + nameOf(leaf.label) : ""), at)), 30);
      element.append(inner);
    }
    element.addEventListener("click", () => this.open(node));
    return { element, box };
  }

  /** Starts where there is something to tell apart: not at a folder that holds nearly everything. */
  start(tree) {
    let node = tree;
    while (node.children.length > 0 && !node.children[0].row && node.children[0].size > 0.9 * node.size) [node] = node.children;
    this.show(node);
  }

  open(node) {
    if (node.row) this.detail.replaceChildren(...why(node.row));
    else this.show(node, null);
  }

  out() {
    if (this.node.parent) this.show(this.node.parent, this.node);
  }

  mark(tile) {
    for (const other of this.tiles) other.element.tabIndex = other === tile ? 0 : -1;
  }

  path() {
    const steps = [];
    for (let at = this.node; at; at = at.parent) steps.unshift(at);
    this.crumbs.replaceChildren(...steps.map(step => {
      const button = make("button", { type: "button" }, step.label + " (" + sizeText(step.size) + ")");
      if (step === this.node) button.setAttribute("aria-current", "location");
      else button.addEventListener("click", () => this.show(step, null));
      return button;
    }));
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.tiles.findIndex(t => t.element === document.activeElement);
    let next = null;
    if (event.key === "Escape") this.out();
    else if (event.key === "Home") next = this.tiles[0];
    else if (event.key === "End") next = this.tiles.at(-1);
    else if (event.key.startsWith("Arrow") && at >= 0) next = this.beside(this.tiles[at].box, event.key.slice(5));
    else return;
    event.preventDefault();
    if (!next) return;
    this.mark(next);
    next.element.focus();
  }

  // The nearest tile whose middle lies that way.
  beside(from, way) {
    const [x, y] = [from.x + from.w / 2, from.y + from.h / 2];
    let [best, least] = [null, Infinity];
    for (const tile of this.tiles) {
      const [dx, dy] = [tile.box.x + tile.box.w / 2 - x, tile.box.y + tile.box.h / 2 - y];
      const [ahead, aside] = { Right: [dx, dy], Left: [-dx, dy], Down: [dy, dx], Up: [-dy, dx] }[way];
      const distance = ahead + 2 * Math.abs(aside);
      if (ahead > 0.5 && distance < least) [best, least] = [tile, distance];
    }
    return best;
  }
}
