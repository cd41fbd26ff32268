/** Log probabilities of the full and the minimal image side by side, for each answer that was compared. */
function showNumbers(section, answers) {
  section.hidden = answers.length === 0;
  for (const answer of answers) {
    section.append(make("h3", {}, visible(answer.workload) + ": " + visible(answer.request)), ...numberSentences(answer).map(text => make("p", {}, text)),
      make("div", { className: "wide" }, numberTable(answer)));
  }
}

const fine = number => number === undefined ? "\u2013" : number !== 0 && Math.abs(number) < 1e-6 ? number.toExponential(1) : String(Math.round(number * 1e6) / 1e6);
const tokenName = token => "token " + token.id + " \u201c" + visible(token.text) + "\u201d";

function numberSentences(answer) {
  const passed = answer.largest <= answer.limit && answer.compared >= answer.least;
  const where = answer.token ? ": " + tokenName(answer.token) + " at position " + answer.position + ", " + fine(answer.token.reference) + " in "
    + visible(answer.against) + " of the full image, " + fine(answer.token.measured) + " here" : "";
  const parted = answer.positionsCompared < answer.positions ? "; after them the two texts part" : "";
  return [
    (passed ? "Passed. " : "NOT PASSED. ") + "Largest difference of a log probability: " + fine(answer.largest) + ", "
      + (answer.largest <= answer.limit ? "within" : "ABOVE") + " the limit of " + fine(answer.limit) + where + ".",
    countText(answer.compared) + " compared, at least " + countText(answer.least) + " must be; " + answer.positionsCompared + " of " + answer.positions
      + " positions" + parted + "."
      + (answer.divergence === undefined ? "" : " Kullback-Leibler divergence of the first position: " + fine(answer.divergence) + "."),
  ];
}

function numberTable(answer) {
  const heads = ["Most probable tokens first", "Number", "Probability, full image", "here", "Logarithm, full image", "here", "Apart"];
  const row = token => {
    const listed = token.measured !== undefined;
    return make("tr", {}, make("td", {}, make("code", {}, visible(token.text))), ...[String(token.id), percent(Math.exp(token.reference), 1),
      listed ? percent(Math.exp(token.measured), 1) : "not listed", fine(token.reference), fine(token.measured),
      listed ? fine(Math.abs(token.measured - token.reference)) : "\u2013"].map(text => make("td", { className: "figure" }, text)));
  };
  return make("table", {}, make("caption", {}, "The first position, beside " + visible(answer.against) + " of the full image"),
    make("thead", {}, make("tr", {}, ...heads.map((text, i) => make("th", { scope: "col", className: i ? "figure" : "" }, text)))),
    make("tbody", {}, ...answer.first.map(row)));
}
