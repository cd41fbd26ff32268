/** What the devices of all variants gave for the same workloads, beside the CPU. */
function showBeside(section, sheet) {
  section.hidden = sheet.variants.length === 0;
  if (section.hidden) return;
  section.append(
    wideTable("Largest difference of each workload, of what is allowed", ["Workload", ...sheet.variants.map(v => visible(v.head))],
      sheet.rows.map(row => [visible(row.workload), ...row.cells.map(text => text === null ? "\u2013" : visible(text))]), 1),
    ...sheet.variants.map(v => make("p", { className: "hint" }, visible(v.name) + ": " + visible(v.state) + ".", ...(v.next ? [" ", make("code", {}, visible(v.next))] : []))),
    ...sheet.tables.flatMap(table => [make("h3", {}, visible(table.title)), besideTable(table)]));
}

// A device's number is followed by how far it is from the one that it is compared with.
function besideTable(table) {
  const shown = (column, i) => column.values[i] === null ? "not listed" : table.vector ? fine(column.values[i]) : (100 * Math.exp(column.values[i])).toFixed(3) + " %";
  const apart = (column, i) => {
    const of = table.columns[column.of].values[i];
    return of === null || column.values[i] === null ? "\u2013" : fine(Math.abs(column.values[i] - of));
  };
  const heads = table.columns.flatMap(c => c.of === null ? [visible(c.head)] : [visible(c.head), table.vector ? "apart" : "logarithm apart"]);
  const cells = i => table.columns.flatMap(c => c.of === null ? [shown(c, i)] : [shown(c, i), apart(c, i)]);
  const rows = table.tokens.map((token, i) => [...(table.vector ? [] : ["\u201c" + visible(token.text) + "\u201d"]), String(token.id), ...cells(i)]);
  return wideTable("The first " + (table.vector ? "text, largest values first" : "position, most probable tokens first"),
    [...(table.vector ? [] : ["Token"]), "Number", ...heads], rows, table.vector ? 0 : 1);
}
