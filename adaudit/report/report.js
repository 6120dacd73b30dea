/* The findings of an audit in the browser: filters, sorts, opens, and keeps a reviewer's decisions.
   Every text from the data goes in as text, never as markup. Nothing is loaded and nothing is sent. */
(() => {
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words, strata = data.strata, records = data.records;
const stratumOf = Int32Array.from(data.finding.stratum);
const recordOf = Int32Array.from(data.finding.record);
const observedOf = Int32Array.from(data.finding.observed);
const COUNT = stratumOf.length, STRATA = strata.rule.length;
const GAP = "not_exposed", ASSERTED = "undeclared";
const VERDICTS = ["suspect", "missing", "invalid", "partial", GAP];
const BINDINGS = ["yes", "unknown", "before"];
const DECISIONS = ["confirmed", "dismissed", "note"];
const COLUMNS = ["source", "kind", "record_id", "rule", "verdict", "reason", "observed", "decision", "note", "who", "when"];
const STORE = `adaudit:decisions:${data.id}`, NAME = "adaudit:who";

/* ---- words and elements ---- */

const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const THOUSANDS = data.language === "nl" ? "." : "\u202f";
const number = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, THOUSANDS);
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const visible = (text) =>
  text.replace(HIDDEN, (c) => `⟨U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
const at = (id) => document.getElementById(id);

function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  for (const child of children) if (child !== null) element.append(child);
  return element;
}
const raw = (text, tag = "bdi", given = {}) => make(tag, given, visible(text));

/* ---- what a finding is ---- */

const verdictOf = (s) => strata.verdict[s];
const bindingOf = (s) => strata.binding[s] || "gap";
const formOf = (s) => `${strata.source[s]}/${strata.form[s]}`;
const articleOf = (s) => data.pinpoints[strata.pinpoint[s]];
const titleOf = (s) => data.rules[strata.rule[s]].title;
const observed = (i) => (observedOf[i] < 0 ? "" : data.observed[observedOf[i]]);
const recordId = (i) => (recordOf[i] < 0 ? "" : records.id[recordOf[i]]);
const sponsorOf = (i) => (recordOf[i] < 0 || records.sponsor[recordOf[i]] < 0 ? "" : records.sponsors[records.sponsor[recordOf[i]]]);

/* ---- choice: what the filters say ---- */

const EMPTY = { source: "", form: "", rule: "", severity: "", decision: "", verdict: [], binding: [], sponsor: "", q: "",
  kind: "", record: "", asserted: "", sort: "", down: "", page: 1, size: 50 };
let choice = { ...EMPTY };
let shown = new Int32Array(0);
const decided = new Map();

const asserted = Uint8Array.from(strata.reason, (reason) => (reason === ASSERTED ? 1 : 0));

function passes(s, but = "") {
  const c = choice;
  return (but === "source" || ((!c.source || strata.source[s] === c.source) && (!c.form || strata.form[s] === c.form))) &&
    (but === "rule" || !c.rule || strata.rule[s] === c.rule) &&
    (but === "severity" || !c.severity || strata.severity[s] === c.severity) &&
    (but === "verdict" || !c.verdict.length || c.verdict.includes(verdictOf(s))) &&
    (but === "binding" || !c.binding.length || c.binding.includes(bindingOf(s))) &&
    (!c.kind || strata.kind[s] === c.kind) &&
    (but === "asserted" || c.asserted === "1" || !asserted[s] || Boolean(c.record));
}

const lower = {};
function folded(name, texts) {
  lower[name] ||= texts.map((text) => (text || "").toLowerCase());
  return lower[name];
}
const stratumWords = () => folded("strata", strata.rule.map((rule, s) =>
  [rule, titleOf(s), strata.pinpoint[s], articleOf(s), data.rules[rule].law, data.reasons[strata.reason[s]], strata.reason[s],
    data.forms[formOf(s)], formOf(s), words[`verdict_${verdictOf(s)}`]].join(" ")));
const recordWords = () => folded("records", records.id.map((id, r) =>
  [id, records.locator[r], records.account[r] < 0 ? "" : records.accounts[records.account[r]], (data.paths[records.inputs[records.input[r]]] || []).join(" "),
    records.inputs[records.input[r]]].join(" ")));

const marks = (texts, word) => Uint8Array.from(texts, (text) => (text.includes(word) ? 1 : 0));

/* For each finding whether the filters on records, words and decisions let it through: 1 or 0; null lets all through. */
function rowsPassing() {
  const tests = [];
  if (choice.record) tests.push((i) => recordOf[i] >= 0 && records.id[recordOf[i]] === choice.record);
  if (choice.sponsor) {
    const hit = marks(folded("sponsors", records.sponsors), choice.sponsor.toLowerCase());
    tests.push((i) => recordOf[i] >= 0 && records.sponsor[recordOf[i]] >= 0 && hit[records.sponsor[recordOf[i]]]);
  }
  for (const word of choice.q.toLowerCase().split(/\s+/).filter(Boolean)) {
    const inStratum = marks(stratumWords(), word), inRecord = marks(recordWords(), word);
    const inSponsor = marks(folded("sponsors", records.sponsors), word);
    const inObserved = marks(folded("observed", data.observed), word);
    tests.push((i) => inStratum[stratumOf[i]] || (observedOf[i] >= 0 && inObserved[observedOf[i]]) ||
      (recordOf[i] >= 0 && (inRecord[recordOf[i]] || (records.sponsor[recordOf[i]] >= 0 && inSponsor[records.sponsor[recordOf[i]]]))));
  }
  if (choice.decision === "none") tests.push((i) => !decided.has(i) && recordOf[i] >= 0);
  else if (choice.decision) tests.push((i) => decided.has(i) && decided.get(i).decision === choice.decision);
  if (!tests.length) return null;
  const passing = new Uint8Array(COUNT);
  for (let i = 0; i < COUNT; i++) {
    let good = 1;
    for (const test of tests) if (!test(i)) { good = 0; break; }
    passing[i] = good;
  }
  return passing;
}

/* ---- order ---- */

function ranked(texts) {
  const order = [...texts.keys()].sort((a, b) => (texts[a] < texts[b] ? -1 : texts[a] > texts[b] ? 1 : 0));
  const rank = new Int32Array(texts.length);
  order.forEach((place, turn) => { rank[place] = turn > 0 && texts[place] === texts[order[turn - 1]] ? rank[order[turn - 1]] : turn; });
  return rank;
}
const natural = (text) => (text || "").replace(/\d+/g, (digits) => digits.padStart(6, "0"));
const keys = {};
const TIME = { yes: 0, unknown: 1, gap: 2, before: 3 };
function keyOf(name) {
  if (keys[name]) return keys[name];
  const byStratum = (rank) => (i) => rank[stratumOf[i]];
  const byRecord = (rank) => (i) => (recordOf[i] < 0 ? -1 : rank[recordOf[i]]);
  const text = (texts) => byStratum(ranked(texts));
  const weight = Int32Array.from(strata.rule, (_, s) =>
    (TIME[bindingOf(s)] * 8 + VERDICTS.indexOf(verdictOf(s))) * 8 + data.severities.indexOf(strata.severity[s]));
  const made = {
    "": () => byStratum(weight),
    verdict: () => byStratum(Int32Array.from(strata.rule, (_, s) => VERDICTS.indexOf(verdictOf(s)))),
    time: () => byStratum(Int32Array.from(strata.rule, (_, s) => TIME[bindingOf(s)])),
    rule: () => text(strata.rule.map((_, s) => `${data.rules[strata.rule[s]].law} ${natural(strata.pinpoint[s])} ${titleOf(s)}`)),
    source: () => text(strata.rule.map((_, s) => data.forms[formOf(s)])),
    record: () => byRecord(ranked(records.id)),
    sponsor: () => { const rank = ranked(records.sponsors.map((one) => one.toLowerCase()));
      return (i) => (recordOf[i] < 0 || records.sponsor[recordOf[i]] < 0 ? -1 : rank[records.sponsor[recordOf[i]]]); },
    observed: () => (i) => observedOf[i],
    decision: () => (i) => (decided.has(i) ? DECISIONS.indexOf(decided.get(i).decision) : 9),
  }[name]();
  if (name !== "decision") keys[name] = made;
  return made;
}

function ordered(found) {
  const key = keyOf(choice.sort), sign = choice.down ? -1 : 1;
  const sortable = new Float64Array(found.length);
  for (let turn = 0; turn < found.length; turn++) sortable[turn] = sign * (key(found[turn]) + 1) * COUNT + found[turn];
  sortable.sort();
  const result = new Int32Array(found.length);
  for (let turn = 0; turn < found.length; turn++) {
    const place = sortable[turn] % COUNT;
    result[turn] = place < 0 ? place + COUNT : place;
  }
  return result;
}

/* ---- choosing ---- */

let perStratum = new Int32Array(STRATA), rowFilter = false;

function choose() {
  const passing = rowsPassing();
  const good = Uint8Array.from(strata.rule, (_, s) => (passes(s) ? 1 : 0));
  perStratum = new Int32Array(STRATA);
  const found = new Int32Array(COUNT);
  let length = 0;
  for (let i = 0; i < COUNT; i++) {
    if (passing && !passing[i]) continue;
    perStratum[stratumOf[i]]++;
    if (good[stratumOf[i]]) found[length++] = i;
  }
  rowFilter = Boolean(passing);
  shown = ordered(found.subarray(0, length));
  const pages = Math.max(1, Math.ceil(shown.length / choice.size));
  choice.page = Math.min(Math.max(1, choice.page), pages);
}

/* Counts by a property of strata, all other filters applied. */
function tally(but, property) {
  const counts = new Map();
  for (let s = 0; s < STRATA; s++) {
    if (!perStratum[s] || !passes(s, but)) continue;
    const value = property(s);
    counts.set(value, (counts.get(value) || 0) + perStratum[s]);
  }
  return counts;
}

/* ---- controls ---- */

function fillSelect(select, entries, value) {
  select.replaceChildren(...entries.map(([key, text]) => make("option", { value: key, selected: key === value }, visible(text))));
  select.value = value;
}

function fillChecks(fieldset, name, entries) {
  const focused = document.activeElement && document.activeElement.id;
  const legend = fieldset.querySelector("legend");
  fieldset.replaceChildren(legend, ...entries.map(([key, text, mark]) => make("label", { class: "check" },
    make("input", { type: "checkbox", id: `${name}-${key}`, value: key, checked: choice[name].includes(key), onchange: () => {
      choice[name] = entries.map(([one]) => one).filter((one) => at(`${name}-${one}`).checked);
      changed();
    } }), " ", make("span", { class: mark }, text))));
  if (focused && focused.startsWith(`${name}-`)) at(focused)?.focus();
}

function showControls() {
  const all = words.all;
  const forms = tally("source", formOf), sources = [...new Set([...forms.keys(), ...(choice.source && choice.form ? [`${choice.source}/${choice.form}`] : [])])].sort();
  const source = choice.form ? `${choice.source}/${choice.form}` : choice.source;
  const whole = choice.source && !choice.form ? [[choice.source, choice.source]] : [];
  fillSelect(at("f-source"), [["", all], ...whole, ...sources.map((one) => [one, `${data.forms[one] || one} (${number(forms.get(one) || 0)})`])], source);
  const rules = tally("rule", (s) => strata.rule[s]);
  if (choice.rule && !rules.has(choice.rule)) rules.set(choice.rule, 0);
  const pinpoint = {};
  strata.rule.forEach((rule, s) => { if (!pinpoint[rule] || strata.pinpoint[s].length < pinpoint[rule].length) pinpoint[rule] = strata.pinpoint[s]; });
  const article = (rule) => (data.rules[rule] && data.rules[rule].law ? pinpoint[rule] || "" : "");
  const listed = [...rules.keys()].sort((a, b) => { const [x, y] = [a, b].map((one) => `${data.rules[one]?.law || "~"} ${natural(article(one))} ${one}`); return x < y ? -1 : 1; });
  fillSelect(at("f-rule"), [["", all], ...listed.map((rule) =>
    [rule, `${data.pinpoints[article(rule)] || ""}${article(rule) ? " – " : ""}${data.rules[rule]?.title || rule} (${number(rules.get(rule))})`])], choice.rule);
  const severities = tally("severity", (s) => strata.severity[s]);
  fillSelect(at("f-severity"), [["", all], ...data.severities.map((one) => [one, `${words[`severity_${one}`]} (${number(severities.get(one) || 0)})`])], choice.severity);
  fillSelect(at("f-decision"), [["", all], ...["none", ...DECISIONS].map((one) => [one, words[`decision_${one}`]])], choice.decision);
  const verdicts = tally("verdict", verdictOf), bindings = tally("binding", bindingOf);
  fillChecks(at("f-verdict"), "verdict", VERDICTS.map((one) => [one, `${words[`verdict_${one}`]} (${number(verdicts.get(one) || 0)})`, `badge v-${one}`]));
  fillChecks(at("f-binding"), "binding", BINDINGS.map((one) => [one, `${words[`binding_${one}`]} (${number(bindings.get(one) || 0)})`, ""]));
  for (const [id, name] of [["f-sponsor", "sponsor"], ["f-q", "q"]]) if (at(id) !== document.activeElement) at(id).value = choice[name];
  const only = strata.rule.reduce((sum, _, s) => sum + (asserted[s] ? strata.count[s] : 0), 0);
  at("asserted-row").hidden = !only;
  at("asserted-row").querySelector("span").textContent = say("asserted", { count: number(only) });
  at("f-asserted").checked = choice.asserted === "1";
  at("record-row").hidden = !choice.record;
  at("record-row").querySelector("span").textContent = choice.record ? visible(say("record_only", { record: choice.record })) : "";
}

function showCount() {
  const held = number(COUNT), length = shown.length;
  if (!length) { at("count").textContent = say("count_none", { held }); return; }
  const by = { yes: 0, unknown: 0, before: 0, gap: 0 };
  for (const i of shown) by[bindingOf(stratumOf[i])]++;
  const parts = [length === COUNT ? say("count_all", { held }) : say("count", { shown: number(length), held }),
    say("count_apart", { yes: number(by.yes), unknown: number(by.unknown), before: number(by.before), gaps: number(by.gap) })];
  let text = `${parts.join(": ")}.`;
  if (data.cap !== null) {
    if (rowFilter) text += ` ${say("count_cut_unknown", { held, total: number(data.total) })}`;
    else {
      const all = strata.count.reduce((sum, count, s) => sum + (passes(s) ? count : 0), 0);
      if (all > length) text += ` ${say("count_cut", { all: number(all), left: number(all - length) })}`;
    }
  }
  at("count").textContent = text;
}

/* ---- the table ---- */

const HEAD = [["verdict", "col_verdict"], ["rule", "col_rule"], ["observed", "col_observed"], ["sponsor", "col_sponsor"],
  ["source", "col_source"], ["record", "col_record"], ["time", "col_time"], ["decision", "col_decision"]];

function showHead() {
  at("list-head").replaceChildren(...HEAD.map(([name, key]) => make("th", { scope: "col", role: "columnheader", class: `c-${name}`,
    "aria-sort": choice.sort === name ? (choice.down ? "descending" : "ascending") : null },
  make("button", { type: "button", id: `sort-${name}`, title: say("sort"), onclick: () => {
    [choice.sort, choice.down] = choice.sort !== name ? [name, ""] : choice.down ? ["", ""] : [name, "1"];
    choice.page = 1;
    changed();
    at(`sort-${name}`).focus();
  } }, words[key], make("span", { class: "arrow", "aria-hidden": "true" }, choice.sort === name ? (choice.down ? " ↓" : " ↑") : "")))));
}

const badge = (s) => make("span", { class: `badge v-${verdictOf(s)}` }, words[`verdict_${verdictOf(s)}`]);
const timeOf = (s) => (bindingOf(s) === "gap" ? "–" : words[`binding_${bindingOf(s)}`]);
const shortened = (text, longest) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

function observedCell(i) {
  const s = stratumOf[i];
  if (verdictOf(s) === GAP) return say("gap_record", { count: number(observed(i)) });
  return observed(i) ? raw(shortened(observed(i), 140)) : make("span", { class: "quiet" }, say("nothing"));
}

function rowOf(i) {
  const s = stratumOf[i], cell = (name, ...inside) => make("td", { role: "cell", class: `c-${name}`, "data-label": words[HEAD.find(([one]) => one === name)[1]] }, ...inside);
  const open = make("button", { type: "button", class: "open", "data-finding": i, "aria-haspopup": "dialog",
    "aria-label": visible(say("open_of", { verdict: words[`verdict_${verdictOf(s)}`], title: titleOf(s), record: recordId(i) || "–" })) }, badge(s));
  const decision = decided.get(i);
  return make("tr", { role: "row", "data-row": i, class: bindingOf(s) === "before" ? "earlier" : null },
    cell("verdict", open),
    cell("rule", make("span", { class: "title" }, titleOf(s)), make("span", { class: "quiet" }, data.rules[strata.rule[s]].law ? articleOf(s) : "")),
    cell("observed", observedCell(i)),
    cell("sponsor", raw(shortened(sponsorOf(i) || "–", 80))),
    cell("source", raw(data.forms[formOf(s)])),
    cell("record", make("code", {}, visible(shortened(recordId(i) || "–", 60)))),
    cell("time", timeOf(s)),
    cell("decision", decision ? make("span", { class: `mark d-${decision.decision}` }, words[`decision_${decision.decision}`]) : "–"));
}

function showRows() {
  const first = (choice.page - 1) * choice.size, pages = Math.max(1, Math.ceil(shown.length / choice.size));
  at("list-body").replaceChildren(...Array.from(shown.subarray(first, first + choice.size), rowOf));
  at("p-where").textContent = say("page", { page: number(choice.page), pages: number(pages) });
  at("p-first").disabled = at("p-back").disabled = choice.page <= 1;
  at("p-last").disabled = at("p-next").disabled = choice.page >= pages;
  at("p-size").value = String(choice.size);
}

function show() {
  showControls();
  showHead();
  showCount();
  showRows();
  at("print-filters").textContent = say("print_filters", { filters: filtersInWords() });
}

function filtersInWords() {
  const said = [];
  const label = (id) => at(id).closest("label, fieldset").firstChild.textContent.trim();
  for (const id of ["f-source", "f-rule", "f-severity", "f-decision"]) if (at(id).value) said.push(`${label(id)}: ${at(id).selectedOptions[0].textContent}`);
  for (const name of ["verdict", "binding"]) if (choice[name].length) said.push(`${at(`f-${name}`).querySelector("legend").textContent}: ${choice[name].map((one) => words[`${name}_${one}`]).join(", ")}`);
  for (const [id, name] of [["f-sponsor", "sponsor"], ["f-q", "q"]]) if (choice[name]) said.push(`${label(id)}: ${visible(choice[name])}`);
  if (choice.record) said.push(visible(say("record_only", { record: choice.record })));
  return said.join("; ") || say("no_filters");
}

/* ---- the address: a link leads to the same rows ---- */

const LISTS = ["verdict", "binding"], NUMBERS = ["page", "size"];
function address(of = choice) {
  const parts = new URLSearchParams();
  for (const [name, empty] of Object.entries(EMPTY)) {
    const value = LISTS.includes(name) ? of[name].join(",") : String(of[name]);
    if (value !== (LISTS.includes(name) ? "" : String(empty))) parts.set(name, value);
  }
  return parts.toString();
}
const linkTo = (i) => `#${new URLSearchParams({ source: strata.source[stratumOf[i]], kind: strata.kind[stratumOf[i]],
  ...(recordId(i) ? { record: recordId(i) } : { form: strata.form[stratumOf[i]], verdict: GAP }), rule: strata.rule[stratumOf[i]], open: "1" })}`;

function remember() {
  const text = address();
  try { history.replaceState(null, "", text ? `#${text}` : "#findings"); } catch { /* a browser may forbid it: the page works without */ }
}

/* Takes the choice from the address; true where it names one. */
function recall() {
  const text = location.hash.slice(1);
  if (!text.includes("=")) return false;
  const parts = new URLSearchParams(text);
  choice = { ...EMPTY };
  for (const name of Object.keys(EMPTY)) {
    if (!parts.has(name)) continue;
    const value = parts.get(name);
    if (LISTS.includes(name)) choice[name] = value.split(",").filter((one) => (name === "verdict" ? VERDICTS : BINDINGS).includes(one));
    else if (NUMBERS.includes(name)) choice[name] = Math.max(1, Math.min(1e6, parseInt(value, 10) || EMPTY[name]));
    else choice[name] = value;
  }
  if (![25, 50, 100, 200].includes(choice.size)) choice.size = EMPTY.size;
  if (!HEAD.some(([name]) => name === choice.sort)) choice.sort = "";
  return true;
}

/* Opens the rule that the address names, and goes there. */
function followRule() {
  const place = location.hash.startsWith("#rule-") ? at(location.hash.slice(1)) : null;
  if (!place) return;
  if (sheet.open) { current = -1; sheet.close(); }
  place.closest("details").open = true;
  place.closest("details").scrollIntoView();
  place.focus({ preventScroll: true });
}

function follow() {
  if (!recall()) { followRule(); return; }
  choose();
  show();
  at("findings").scrollIntoView();
  if (new URLSearchParams(location.hash.slice(1)).get("open")) {
    if (shown.length) open(shown[0]); else tell(say("link_absent"));
  } else at("findings").focus({ preventScroll: true });
}

function changed() {
  choice.page = 1;
  choose();
  show();
  remember();
}

/* ---- decisions ---- */

let safe = true;
function stored(name) { try { return localStorage.getItem(name); } catch { safe = false; return null; } }
function store(name, value) { try { localStorage.setItem(name, value); return true; } catch { safe = false; return false; } }
const tell = (text) => { at("told").textContent = text; };
const identity = (source, kind, record, rule) => JSON.stringify([source, kind, record, rule]);

/* The findings of these identities: Map of identity -> position. */
function positions(wanted) {
  const ids = new Set(wanted.map((one) => JSON.parse(one)[2])), known = new Set(wanted), found = new Map();
  const near = Uint8Array.from(records.id, (id) => (ids.has(id) ? 1 : 0));
  for (let i = 0; i < COUNT; i++) {
    if (recordOf[i] < 0 || !near[recordOf[i]]) continue;
    const s = stratumOf[i], key = identity(strata.source[s], strata.kind[s], recordId(i), strata.rule[s]);
    if (known.has(key)) found.set(key, i);
  }
  return found;
}
const identityOf = (i) => identity(strata.source[stratumOf[i]], strata.kind[stratumOf[i]], recordId(i), strata.rule[stratumOf[i]]);

function keep() {
  const own = [...decided].filter(([, one]) => !one.given).map(([i, one]) => [identityOf(i), one]);
  return store(STORE, JSON.stringify(own));
}

function recallDecisions() {
  for (const [row, [decision, who, when, note]] of Object.entries(data.decided)) {
    if (DECISIONS.includes(decision)) decided.set(Number(row), { decision, who, when, note, given: true });
  }
  let own = [];
  try { own = JSON.parse(stored(STORE) || "[]"); } catch { own = []; }
  if (!Array.isArray(own)) return;
  own = own.filter((entry) => Array.isArray(entry) && typeof entry[0] === "string" && entry[1] && DECISIONS.includes(entry[1].decision));
  const found = own.length ? positions(own.map(([key]) => key)) : new Map();
  for (const [key, one] of own) if (found.has(key)) decided.set(found.get(key), { decision: one.decision, who: String(one.who), when: String(one.when), note: String(one.note) });
}

/* What a spreadsheet would run as a formula gets an apostrophe; control characters go: as in every CSV of adaudit. */
const neutral = (text) => { const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, " "); return /^\s*[=+\-@]/.test(clean) ? `'${clean}` : clean; };
const cellOf = (text) => `"${neutral(text).replace(/"/g, '""')}"`;

function decisionsAsCsv() {
  const lines = [COLUMNS.join(",")];
  for (const [i, one] of [...decided].sort(([a], [b]) => a - b)) {
    const s = stratumOf[i];
    lines.push([strata.source[s], strata.kind[s], recordId(i), strata.rule[s], verdictOf(s), strata.reason[s], observed(i),
      one.decision, one.note, one.who, one.when].map(cellOf).join(","));
  }
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

function download() {
  if (!decided.size) { tell(say("nothing_to_download")); return; }
  const file = `decisions-${data.id}.csv`, url = URL.createObjectURL(new Blob([decisionsAsCsv()], { type: "text/csv;charset=utf-8" }));
  const link = make("a", { href: url, download: file, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  tell(say("downloaded", { count: number(decided.size), file }));
}

function csvRows(text) {
  const rows = [[""]], separator = text.slice(0, text.search(/[\r\n]|$/)).includes(";") ? ";" : ",";
  let quoted = false;
  for (let place = 0; place < text.length; place++) {
    const c = text[place], row = rows[rows.length - 1];
    if (quoted) {
      if (c !== '"') row[row.length - 1] += c;
      else if (text[place + 1] === '"') { row[row.length - 1] += '"'; place++; } else quoted = false;
    } else if (c === '"' && row[row.length - 1] === "") quoted = true;
    else if (c === separator) row.push("");
    else if (c === "\n" || c === "\r") { if (c === "\r" && text[place + 1] === "\n") place++; rows.push([""]); }
    else row[row.length - 1] += c;
  }
  return rows.filter((row) => row.length > 1 || row[0] !== "");
}

function loadDecisions(text) {
  const [head = [], ...rows] = csvRows(text.replace(/^\ufeff/, ""));
  const place = Object.fromEntries(COLUMNS.map((name) => [name, head.findIndex((one) => one.trim().toLowerCase() === name)]));
  if (COLUMNS.some((name) => place[name] < 0)) { tell(say("not_a_decisions_file", { columns: COLUMNS.join(", ") })); return; }
  const told = rows.map((row) => Object.fromEntries(COLUMNS.map((name) => [name, (row[place[name]] || "").replace(/^'(?=\s*[=+\-@])/, "")])));
  const good = told.filter((one) => DECISIONS.includes(one.decision) && one.who.trim());
  const found = positions(good.map((one) => identity(one.source, one.kind, one.record_id, one.rule)));
  let count = 0, differing = 0;
  for (const one of good) {
    const i = found.get(identity(one.source, one.kind, one.record_id, one.rule));
    if (i === undefined) continue;
    const s = stratumOf[i], same = (text) => neutral(text).replace(/^'/, "");
    if (one.verdict !== verdictOf(s) || one.reason !== strata.reason[s] || one.observed.trim() !== same(observed(i)).trim()) { differing++; continue; }
    decided.set(i, { decision: one.decision, who: one.who, when: one.when, note: one.note });
    count++;
  }
  keep();
  choose();
  show();
  tell(say("loaded", { count: number(count), changed: number(differing), absent: number(good.length - count - differing), bad: number(told.length - good.length) }));
}

/* ---- one finding ---- */

const sheet = at("sheet"), pinned = new Set();
let current = -1;

function place(i) {
  const r = recordOf[i];
  if (r < 0) return make("p", {}, say("how_none"));
  const locator = records.locator[r] || "", sha = records.inputs[records.input[r]] || "", evidence = records.evidences[records.evidence[r]] || "";
  const split = locator.indexOf("!"), member = split > 0 ? locator.slice(0, split) : "", inside = split > 0 ? locator.slice(split + 1) : locator;
  const row = /^record (\d+)$/.exec(inside), line = /^line (\d+)(\/.*)?$/.exec(inside), pointer = line ? line[2] : inside.startsWith("/") ? inside : "";
  const how = [member ? say("how_member", { member }) : "", row ? say("how_row", { row: row[1] }) : "", line ? say("how_line", { line: line[1] }) : "",
    pointer ? say("how_pointer", { pointer }) : ""].filter(Boolean).join(" ");
  return make("dl", { class: "facts" },
    fact(say("file"), ...(data.paths[sha] || ["–"]).map((path) => raw(path, "bdi", { class: "path" }))),
    fact(say("file_sha"), make("code", { class: "sha" }, sha || "–")),
    fact(say("evidence_sha"), make("code", { class: "sha" }, evidence || "–")),
    fact(say("locator"), make("code", {}, visible(locator || "–")), how ? make("p", { class: "note" }, visible(how)) : null));
}
const fact = (name, ...inside) => make("div", {}, make("dt", {}, name), make("dd", {}, ...inside));

const dayOf = (days) => (days === null ? null : new Date(days * 86_400_000).toISOString().slice(0, 10));
function periodOf(i) {
  const first = dayOf(records.from[recordOf[i]]), last = dayOf(records.until[recordOf[i]]);
  return first || last ? say("period", { first: first || "…", last: last || "…" }) : say("undated");
}
function accountOf(i) {
  const account = records.account[recordOf[i]];
  return account < 0 || records.accounts[account] === sponsorOf(i) ? null : make("p", { class: "note" }, `${say("account")}: `, raw(records.accounts[account]));
}

function linkOf(i) {
  const url = recordOf[i] < 0 ? 0 : records.url[recordOf[i]];
  if (typeof url !== "string" || !url.startsWith("https://")) return null;
  return make("p", {}, make("a", { href: url, rel: "noreferrer noopener external", target: "_blank" }, say("link")), make("br"), make("code", { class: "url" }, visible(url)));
}

function law(s) {
  const rule = data.rules[strata.rule[s]];
  if (!rule.law) return fact(say("asks"), say("no_article"));
  return fact(say("asks"), make("p", {}, make("strong", {}, articleOf(s)), `, ${rule.law}`),
    make("blockquote", { lang: "en" }, `“${rule.quote}”`), data.language === "en" ? null : make("p", { class: "note" }, say("quote_language")));
}

/* A link to what the page says of the rule; none where this version does not know the rule. */
function aboutRule(s) {
  const id = `rule-${strata.rule[s]}`;
  if (!at(id)) return null;
  return make("p", { class: "more" }, make("a", { href: `#${id}`, onclick: (event) => {
    event.preventDefault();
    current = -1;
    location.hash = id;
    sheet.close();
  } }, say("about_rule")));
}

function content(i, heading) {
  const s = stratumOf[i], rule = data.rules[strata.rule[s]], decision = decided.get(i);
  const seen = verdictOf(s) === GAP ? say("observed_gap", { count: number(observed(i)) }) : observed(i) ? raw(observed(i), "code", { class: "observed" }) : say("observed_empty");
  return [
    heading,
    make("p", { class: "tags" }, badge(s), ` ${timeOf(s) === "–" ? "" : timeOf(s)}`),
    make("dl", { class: "facts" },
      fact(say("rule"), rule.sentence || titleOf(s), make("span", { class: "quiet" }, ` (${strata.rule[s]}, v${strata.rule_version[s]})`), aboutRule(s)),
      fact(say("why"), data.reasons[strata.reason[s]], make("span", { class: "quiet" }, ` (${strata.reason[s]})`)),
      fact(say("observed"), seen),
      law(s),
      rule.law ? fact(say("applies"), rule.since, rule.since_note ? make("span", { lang: rule.tongue }, ` (${rule.since_note})`) : null) : null,
      rule.law ? fact(say("when"), make("span", { lang: rule.tongue }, rule.when)) : null,
      rule.law ? fact(say("duty"), rule.duty) : null,
      fact(say("weight"), words[`severity_${strata.severity[s]}`]),
      fact(say("record"), make("p", {}, `${words[`kind_${strata.kind[s]}`] || strata.kind[s]}, ${data.forms[formOf(s)]}`),
        make("p", {}, make("code", {}, visible(recordId(i) || "–")), sponsorOf(i) ? ` – ${words.col_sponsor}: ` : "", sponsorOf(i) ? raw(sponsorOf(i)) : ""),
        recordId(i) ? accountOf(i) : null, recordId(i) ? make("p", {}, periodOf(i)) : null, linkOf(i), recordId(i) ? make("p", { class: "more" }, make("a", { href: `#${new URLSearchParams({ source: strata.source[s], kind: strata.kind[s], record: recordId(i) })}`, onclick: () => sheet.close() }, say("all_of_record"))) : null)),
    make("h4", {}, say("bytes")),
    place(i),
    decision ? make("p", { class: "decision-told" }, make("strong", {}, say("decided", { decision: words[`decision_${decision.decision}`], who: visible(decision.who || "–"), when: visible(decision.when || "–") })),
      decision.note ? make("span", {}, `: ${visible(decision.note)}`) : "", decision.given ? make("span", { class: "quiet" }, ` (${say("from_audit")})`) : "") : null,
  ].filter(Boolean);
}

function decisionForm(i) {
  if (recordOf[i] < 0) return make("p", { class: "note" }, say("no_decision_on_gap"));
  const one = decided.get(i), told = make("p", { role: "status", "aria-live": "polite", class: "note" });
  const radio = (value) => make("label", { class: "check" }, make("input", { type: "radio", name: "decision", value, checked: one ? one.decision === value : value === "none" }), " ", words[`decision_${value}`]);
  const who = make("input", { id: "sheet-who", autocomplete: "name" }), note = make("textarea", { id: "sheet-note", rows: "3" });
  who.value = at("who").value || (one ? one.who : "");
  note.value = one ? one.note : "";
  const form = make("form", { class: "decide" }, make("fieldset", {}, make("legend", {}, say("decide")), ...["none", ...DECISIONS].map(radio),
    make("div", { class: "row" }, make("label", {}, `${say("who")} `, who), make("label", { class: "broad" }, `${say("note")} `, note)),
    make("button", { type: "submit" }, say("save")), told));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = new FormData(form).get("decision");
    if (value !== "none" && !who.value.trim()) { told.textContent = say("need_who"); who.focus(); return; }
    if (value === "note" && !note.value.trim()) { told.textContent = say("need_note"); note.focus(); return; }
    if (value === "none") decided.delete(i);
    else decided.set(i, { decision: value, who: who.value.trim(), when: new Date().toISOString().slice(0, 19) + "Z", note: note.value.trim() });
    at("who").value = who.value.trim();
    store(NAME, who.value.trim());
    const kept = keep() && safe;
    told.textContent = value === "none" ? say("removed") : say(kept ? "saved" : "saved_unsafe");
    tell(say("stored", { count: number(decided.size) }));
    showRows();
  });
  return form;
}

function open(i) {
  current = i;
  const s = stratumOf[i], turn = shown.indexOf(i);
  const heading = make("h3", { id: "sheet-head", tabindex: "-1" }, titleOf(s));
  const step = (by, text) => make("button", { type: "button", disabled: turn < 0 || turn + by < 0 || turn + by >= shown.length, onclick: () => open(shown[turn + by]) }, text);
  const pin = make("input", { type: "checkbox", checked: pinned.has(i), onchange: (event) => { event.target.checked ? pinned.add(i) : pinned.delete(i); showPinned(); } });
  sheet.replaceChildren(
    make("div", { class: "sheet-bar" }, step(-1, say("back")), step(1, say("next")), make("label", { class: "check" }, pin, ` ${say("pin")}`),
      make("a", { href: linkTo(i), class: "here", onclick: (event) => event.preventDefault() }, say("here")), make("button", { type: "button", class: "close", onclick: () => sheet.close() }, say("close"))),
    ...content(i, heading), decisionForm(i));
  if (!sheet.open) sheet.showModal();
  sheet.scrollTop = 0;
  heading.focus();
  try { history.replaceState(null, "", linkTo(i)); } catch { /* as in remember */ }
}

sheet.addEventListener("close", () => {
  const turn = shown.indexOf(current);
  if (turn >= 0) {
    choice.page = Math.floor(turn / choice.size) + 1;
    showRows();
    document.querySelector(`button[data-finding="${current}"]`)?.focus();
  }
  if (new URLSearchParams(location.hash.slice(1)).get("open")) remember();
});
sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });

function showPinned() {
  at("unpin").hidden = !pinned.size;
  tell(say("pinned", { count: number(pinned.size) }));
}

/* ---- print: what is on the print list in full, else the open finding; the page of the table stays ---- */

function forPrint() {
  const chosen = pinned.size ? [...pinned].sort((a, b) => a - b) : sheet.open ? [current] : [];
  document.body.classList.toggle("print-chosen", chosen.length > 0);
  at("print-list").replaceChildren(...chosen.map((i) => make("article", {}, ...content(i, make("h3", {}, titleOf(stratumOf[i]))))));
  for (const one of document.querySelectorAll("img[loading=lazy]")) one.loading = "eager";
  for (const one of document.querySelectorAll("details.rest:not([open])")) { one.open = true; one.dataset.closed = "1"; }
}
function afterPrint() {
  document.body.classList.remove("print-chosen");
  at("print-list").replaceChildren();
  for (const one of document.querySelectorAll("details[data-closed]")) { one.open = false; delete one.dataset.closed; }
}

/* ---- beginning ---- */

function listen() {
  const pick = (id, set) => at(id).addEventListener("change", (event) => { set(event.target.value); changed(); });
  pick("f-source", (value) => { [choice.source, choice.form] = value.includes("/") ? [value.slice(0, value.indexOf("/")), value.slice(value.indexOf("/") + 1)] : [value, ""]; choice.kind = ""; });
  pick("f-rule", (value) => { choice.rule = value; });
  pick("f-severity", (value) => { choice.severity = value; });
  pick("f-decision", (value) => { choice.decision = value; });
  at("f-asserted").addEventListener("change", (event) => { choice.asserted = event.target.checked ? "1" : ""; changed(); });
  let pause = 0;
  for (const [id, name] of [["f-sponsor", "sponsor"], ["f-q", "q"]]) at(id).addEventListener("input", (event) => {
    clearTimeout(pause);
    pause = setTimeout(() => { choice[name] = event.target.value.trim(); changed(); }, 120);
  });
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("filters").addEventListener("reset", (event) => { event.preventDefault(); choice = { ...EMPTY, size: choice.size }; at("f-sponsor").value = at("f-q").value = ""; changed(); });
  at("record-clear").addEventListener("click", () => { choice.record = choice.kind = ""; changed(); at("f-source").focus(); });
  const turn = (to) => { choice.page = to; choose(); showRows(); remember(); at("list-wrap").scrollIntoView({ block: "nearest" }); };
  at("p-first").addEventListener("click", () => turn(1));
  at("p-back").addEventListener("click", () => turn(choice.page - 1));
  at("p-next").addEventListener("click", () => turn(choice.page + 1));
  at("p-last").addEventListener("click", () => turn(1e9));
  at("p-size").addEventListener("change", (event) => { choice.size = Number(event.target.value); turn(1); });
  at("list-body").addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row && !String(getSelection())) open(Number(row.dataset.row));
  });
  at("list-body").addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || !event.target.matches("button.open")) return;
    const all = [...document.querySelectorAll("button.open")], next = all[all.indexOf(event.target) + by];
    if (next) { event.preventDefault(); next.focus(); }
  });
  at("who").addEventListener("change", (event) => store(NAME, event.target.value.trim()));
  at("download").addEventListener("click", download);
  at("load").addEventListener("change", async (event) => { const [file] = event.target.files; if (file) loadDecisions(await file.text()); event.target.value = ""; });
  at("unpin").addEventListener("click", () => { pinned.clear(); showPinned(); });
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", forPrint);
  addEventListener("afterprint", afterPrint);
}

recallDecisions();
at("who").value = stored(NAME) || "";
listen();
at("app").hidden = false;
choose();
show();
if (decided.size) tell(say("stored", { count: number(decided.size) }));
follow();
document.documentElement.dataset.ready = String(Math.round(performance.now()));
})();
