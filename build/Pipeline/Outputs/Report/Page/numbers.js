/** Log probabilities of the full and the minimal image side by side, for each answer that was compared. */
function showNumbers(section, answers) {
  section.hidden = answers.length === 0;
  if (answers.length)
    section.append(make("div", { className: "wide" }, numberOverview(answers)));
  for (const answer of answers) {
    section.append(make("h3", {}, visible(answer.workload) + ": " + visible(answer.request)), ...numberSentences(answer).map(text => make("p", {}, text)),
      make("div", { className: "wide" }, numberTable(answer)));
  }
}

const hasPassed = answer => answer.largest <= answer.limit && answer.compared >= answer.least;
const figures = texts => texts.map(text => make("td", { className: "figure" }, text));
const headRow = heads => make("thead", {}, make("tr", {}, ...heads.map(([text, figure]) => make("th", { scope: "col", className: figure ? "figure" : "" }, text))));

function numberOverview(answers) {
  const row = answer => make("tr", {}, make("td", {}, visible(answer.workload)), make("td", {}, visible(answer.against)),
    ...figures([fine(answer.largest), fine(answer.limit), countText(answer.compared)]), make("td", {}, hasPassed(answer) ? "passed" : "NOT PASSED"));
  return make("table", {}, make("caption", {}, "Largest difference of each workload"),
    headRow([["Workload"], ["Beside"], ["Largest", 1], ["Limit", 1], ["Compared", 1], ["Result"]]), make("tbody", {}, ...answers.map(row)));
}

const fine = number => number === undefined ? "\u2013" : number !== 0 && Math.abs(number) < 1e-6 ? number.toExponential(1) : String(Math.round(number * 1e6) / 1e6);
const tokenName = token => "token " + token.id + " \u201c" + visible(token.text) + "\u201d";

function numberSentences(answer) {
  const place = answer.vector ? token => "value " + token.id + " of text " + answer.position : token => tokenName(token) + " at position " + answer.position;
  const where = answer.token ? ": " + place(answer.token) + ", " + fine(answer.token.reference) + " in "
    + visible(answer.against) + " of the full image, " + fine(answer.token.measured) + " here" : "";
  const parted = answer.positionsCompared < answer.positions ? "; after them the two texts part" : "";
  return [
    (hasPassed(answer) ? "Passed. " : "NOT PASSED. ") + "Largest difference of a " + (answer.vector ? "value" : "log probability") + ": " + fine(answer.largest) + ", "
      + (answer.largest <= answer.limit ? "within" : "ABOVE") + " the limit of " + fine(answer.limit) + where + ".",
    countText(answer.compared) + " compared, at least " + countText(answer.least) + " must be; " + answer.positionsCompared + " of " + answer.positions
      + (answer.vector ? " texts" : " positions") + parted + "."
      + (answer.divergence === undefined ? "" : " Kullback-Leibler divergence of the first position: " + fine(answer.divergence) + "."),
  ];
}

function numberTable(answer) {
  const apart = token => token.measured === undefined ? "\u2013" : fine(Math.abs(token.measured - token.reference));
  const tokenRow = token => make("tr", {}, make("td", {}, make("code", {}, visible(token.text))), ...figures([String(token.id),
    percent(Math.exp(token.reference), 1), token.measured === undefined ? "not listed" : percent(Math.exp(token.measured), 1),
    fine(token.reference), fine(token.measured), apart(token)]));
  const valueRow = value => make("tr", {}, ...figures([String(value.id), fine(value.reference), fine(value.measured), apart(value)]));
  const heads = answer.vector ? [["Largest values first: number", 1], ["Full image", 1], ["Here", 1], ["Apart", 1]]
    : [["Most probable tokens first"], ["Number", 1], ["Probability, full image", 1], ["here", 1], ["Logarithm, full image", 1], ["here", 1], ["Apart", 1]];
  return make("table", {}, make("caption", {}, "The first " + (answer.vector ? "text" : "position") + ", beside " + visible(answer.against) + " of the full image"),
    headRow(heads), make("tbody", {}, ...answer.first.map(answer.vector ? valueRow : tokenRow)));
}
