const COLUMNS = [
  { key: "path", title: "Path", of: row => row.shown, sort: row => row.path },
  { key: "size", title: "Full", of: row => row.kind === FILE ? sizeText(row.size) : data.kinds[row.kind], sort: row => -row.size },
  { key: "after", title: "Minimal", of: row => row.kind !== FILE ? "" : row.action === DROPPED ? "\u2013" : sizeText(row.after), sort: row => -row.after },
  { key: "action", title: "Action", of: row => data.actions[row.action], sort: row => data.actions[row.action] },
  { key: "reason", title: "Reason", of: row => row.reason.phrase, sort: row => row.reason.phrase },
  { key: "chain", title: "Chain", of: chainText, sort: row => row.chain ??= chainText(row) },
  { key: "owner", title: "Package", of: row => row.owner || "\u2013", sort: row => row.owner || "\uffff" },
];

/** Every path; only the rows in view are elements. */
class PathTable {
  constructor() {
    for (const name of ["table", "heads", "scroll", "space", "search", "action", "group", "found"]) this[name] = document.getElementById(name);
    this.table.setAttribute("aria-colcount", COLUMNS.length);
    this.detail = document.getElementById("row-detail");
    this.sorted = { key: "size", down: false };
    this.active = 0;
    this.live = new Map();
    for (const row of rows) {
      row.find = [row.path, row.shown, row.owner, causeText(row.reason, row.by), data.actions[row.action], row.reason.group.label].join("\n").toLowerCase();
    }
    data.actions.forEach((name, i) => this.action.append(make("option", { value: String(i) }, name)));
    for (const [key, , label] of data.groups) this.group.append(make("option", { value: key }, label));
    this.head();
    this.listen();
    this.filter();
  }

  head() {
    this.heads.replaceChildren(...COLUMNS.map((column, i) => {
      const button = make("button", { type: "button" }, column.title);
      button.addEventListener("click", () => {
        this.sorted = { key: column.key, down: this.sorted.key === column.key && !this.sorted.down };
        this.filter();
      });
      return make("div", { role: "columnheader", className: "c-" + column.key, "aria-colindex": i + 1 }, button);
    }));
  }

  listen() {
    this.search.form.addEventListener("submit", event => event.preventDefault());
    for (const [field, event] of [[this.search, "input"], [this.action, "change"], [this.group, "change"]]) field.addEventListener(event, () => this.filter());
    this.scroll.addEventListener("scroll", () => this.render(), { passive: true });
    this.table.addEventListener("keydown", event => this.heads.contains(event.target) || this.key(event));
    new ResizeObserver(() => this.resize()).observe(this.scroll);
  }

  filter() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [action, group] = [this.action.value, this.group.value];
    this.list = rows.filter(row => (action === "" || row.action === Number(action)) && (group === "" || row.reason.group.key === group)
      && words.every(word => row.find.includes(word)));
    const { key, down } = this.sorted;
    const value = COLUMNS.find(column => column.key === key).sort;
    const keys = new Map(this.list.map(row => [row, value(row)]));
    this.list.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      return (x < y ? -1 : x > y ? 1 : a.id - b.id) * (down ? -1 : 1);
    });
    COLUMNS.forEach((column, i) => this.heads.children[i].setAttribute("aria-sort", column.key !== key ? "none"
      : (key === "size" || key === "after") !== down ? "descending" : "ascending"));
    const [before, after] = [this.list.reduce((all, row) => all + row.size, 0), this.list.reduce((all, row) => all + row.after, 0)];
    this.found.textContent = countText(this.list.length) + " of " + countText(rows.length) + " paths: " + sizeText(before) + " in the full image, "
      + sizeText(after) + " in the minimal one";
    this.table.setAttribute("aria-rowcount", this.list.length + 1);
    this.active = 0;
    this.scroll.scrollTop = 0;
    this.resize();
  }

  resize() {
    this.height = parseFloat(getComputedStyle(this.scroll).getPropertyValue("--row"));
    this.space.style.height = Math.max(1, this.list.length) * this.height + "px";
    this.space.replaceChildren();
    this.live.clear();
    this.render();
  }

  render() {
    const first = Math.max(0, Math.floor(this.scroll.scrollTop / this.height) - 4);
    const last = Math.min(this.list.length, Math.ceil((this.scroll.scrollTop + this.scroll.clientHeight) / this.height) + 4);
    for (const [i, element] of this.live) {
      if (i >= first && i < last) continue;
      element.remove();
      this.live.delete(i);
    }
    for (let i = first; i < last; i++) {
      if (!this.live.has(i)) this.live.set(i, this.space.appendChild(this.row(i)));
      this.live.get(i).setAttribute("aria-selected", String(i === this.active));
    }
    if (this.live.has(this.active)) this.table.setAttribute("aria-activedescendant", "row-" + this.active);
    else this.table.removeAttribute("aria-activedescendant");
  }

  row(i) {
    const row = this.list[i];
    const cells = COLUMNS.map((column, at) => {
      const text = column.of(row);
      return make("div", { role: "gridcell", className: "c-" + column.key, title: text, "aria-colindex": at + 1 },
        column.key === "path" ? make("bdi", {}, text) : text);
    });
    const element = make("div", { role: "row", id: "row-" + i, className: "row a-" + data.actions[row.action], "aria-rowindex": i + 2 }, ...cells);
    element.style.top = i * this.height + "px";
    element.addEventListener("click", () => {
      this.table.focus({ preventScroll: true });
      this.move(i);
      this.tell();
    });
    return element;
  }

  move(i) {
    this.active = Math.max(0, Math.min(this.list.length - 1, i));
    const top = this.active * this.height;
    const view = this.scroll.clientHeight;
    if (top < this.scroll.scrollTop) this.scroll.scrollTop = top;
    else if (top + this.height > this.scroll.scrollTop + view) this.scroll.scrollTop = top + this.height - view;
    this.render();
  }

  tell() {
    if (this.list[this.active]) this.detail.replaceChildren(...why(this.list[this.active]));
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(this.scroll.clientHeight / this.height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key === "Enter" || event.key === " ") this.tell();
    else if (event.key in steps) this.move(this.active + steps[event.key]);
    else if (event.key === "Escape") this.detail.replaceChildren();
    else return;
    event.preventDefault();
  }
}
