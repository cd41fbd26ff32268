const data = JSON.parse(document.getElementById("data").textContent);
const groupOf = Object.fromEntries(data.groups.map(([key, letter, label]) => [key, { key, letter, label }]));
const reasons = data.reasons.map(([phrase, group]) => ({ phrase, group: groupOf[group] }));
const DROPPED = 1;
const STAND_IN = 3, ANSWERS = 4;
const isStandIn = action => action === STAND_IN || action === ANSWERS;
const FILE = 0;

// Control characters and marks that turn the direction of writing would make a name look like another one.
const visible = text => text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
  c => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));

const commas = text => text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
const countText = count => commas(String(count));
const decimal = number => {
  const [whole, part] = number.toFixed(1).split(".");
  return commas(whole) + "." + part;
};
const sizeText = bytes => bytes < 1e3 ? bytes + " B" : bytes < 1e6 ? decimal(bytes / 1e3) + " kB"
  : bytes < 1e10 ? decimal(bytes / 1e6) + " MB" : decimal(bytes / 1e9) + " GB";
const percent = (part, whole) => whole > 0 ? (100 * part / whole).toFixed(1) + " %" : "";

const rows = data.paths.name.map((name, id) => {
  const path = data.folders[data.paths.folder[id]] + name;
  const reason = reasons[data.paths.reason[id]];
  return {
    id,
    path,
    shown: visible(path),
    kind: data.paths.kind[id],
    size: data.paths.size[id],
    after: data.paths.after[id],
    action: data.paths.action[id],
    owner: data.paths.package[id] < 0 ? "" : data.packages[data.paths.package[id]],
    // It stays for its reason, and what lies there is something else.
    reason: isStandIn(data.paths.action[id])
      ? { phrase: reason.phrase, group: data.paths.action[id] === ANSWERS ? groupOf.answers : groupOf.standin } : reason,
    by: data.paths.by[id],
  };
});

const nameOf = path => path.slice(path.lastIndexOf("/") + 1) || path;
const causeText = (reason, by) => {
  const who = by >= 0 ? nameOf(rows[by].shown) : visible(data.texts[-1 - by]);
  return who ? reason.phrase + " " + who : reason.phrase;
};

// A plan that was edited by hand may go round in a circle.
function chain(row) {
  const steps = [];
  const seen = new Set();
  for (let at = row; at && !seen.has(at.id); at = at.by >= 0 ? rows[at.by] : null) {
    seen.add(at.id);
    steps.push(at);
  }
  return steps;
}

const chainText = row => chain(row).map(step => causeText(step.reason, step.by)).join(" \u2190 ");

function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name in element && name !== "role") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Says in full why a path stays or goes. */
function why(row) {
  const sizes = row.kind !== FILE ? "" : row.action === DROPPED ? sizeText(row.size)
    : row.after !== row.size ? sizeText(row.size) + ", " + sizeText(row.after) + " in the minimal image" : sizeText(row.size);
  const link = data.links[row.id];
  const facts = [data.kinds[row.kind], data.actions[row.action], sizes, row.owner ? "package " + row.owner : "owned by no package"];
  const list = make("ol", { className: "chain" });
  for (const step of chain(row)) {
    list.append(make("li", {}, step.reason.phrase + " ", make("code", {}, step.by >= 0 ? rows[step.by].shown : visible(data.texts[-1 - step.by]))));
    const rule = data.rules.find(([path]) => step.by < 0 && path === data.texts[-1 - step.by]);
    if (rule && step.reason.group.key === "rule") list.lastChild.append(" (" + visible(rule[1]) + ")");
  }
  if (data.standIns[row.id]) list.append(make("li", { className: "also" }, visible(data.standIns[row.id])));
  const also = data.also[row.id] || [];
  for (let i = 0; i < also.length; i += 2) {
    list.append(make("li", { className: "also" }, "also " + causeText(reasons[also[i]], also[i + 1])));
  }
  return [make("h3", {}, make("code", {}, row.shown + (link ? " \u2192 " + visible(link) : ""))),
    make("p", {}, facts.filter(Boolean).join(" \u00b7 ")), list];
}
