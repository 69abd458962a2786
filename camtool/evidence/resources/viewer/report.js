// The section in which a person has the files checked, and reads what came of it.
const PAPER = ["fingerprint", "package", "custody"];

function faultNode(fault) {
  const line = make("li", {}, told("strong", `fault.${fault.kind}`), ": ", name(fault.path));
  if (JUNK.test(fault.path)) line.append(" ", told("span", "fault.junk", {}, { class: "soft" }));
  if (fault.kind === "changed") {
    const hashes = make("dl", { class: "small" });
    line.append(rows(hashes, [["fault.expected", mono(fault.expected)], ["fault.found", mono(fault.found)]]));
  }
  return line;
}

function judge(box, result, folder) {
  const bad = result.faults.length || result.rows.some((row) => row.state === "bad");
  const open = result.rows.filter((row) => row.state === "open").length;
  box.replaceChildren(told("p", bad ? "verdict.bad" : "verdict.good", { folder }, { class: `verdict ${bad ? "bad" : "good"}` }));
  if (open) box.append(told("p", "verdict.open", { count: open }, { class: "verdict open" }));
}

function resultTable(rowsFound) {
  const body = make("tbody");
  for (const row of rowsFound) {
    body.append(make("tr", {}, told("td", row.key), told("td", `state.${row.state}`, {}, { class: `state ${row.state}` }), told("td", row.answer.key, row.answer.facts)));
  }
  const head = make("tr", {}, told("th", "table.check"), told("th", "table.state"), told("th", "table.answer"));
  return make("table", { class: "rows" }, make("thead", {}, head), body);
}

// The numbers of the paper seal sheet against those that were computed from the files.
function paperNode(numbers, whenMet) {
  const box = make("div", { id: "paper" });
  const list = make("dl", { class: "small" });
  const states = {};
  for (const number of PAPER) {
    if (!numbers[number]) continue;
    states[number] = told("span", "paper.open", {}, { class: "badge open" });
    list.append(told("dt", `paper.${number}`), make("dd", {}, mono(grouped(numbers[number])), " ", states[number]));
  }
  const label = told("label", "paper.label", {}, { for: "typed" });
  const field = make("input", { type: "text", id: "typed", class: "mono", autocomplete: "off", spellcheck: "false", "aria-describedby": "typed-answer" });
  const answer = make("p", { id: "typed-answer", role: "status" });
  field.addEventListener("input", () => {
    const typed = field.value.toLowerCase().replace(/[\s:-]/g, "");
    const met = PAPER.find((number) => numbers[number] && numbers[number] === typed);
    answer.className = "";
    if (!typed) say(answer, "paper.nothing");
    else if (!/^[0-9a-f]*$/.test(typed) || typed.length > 64) { answer.className = "bad"; say(answer, "paper.unfit"); }
    else if (typed.length < 64) say(answer, "paper.more", { count: 64 - typed.length });
    else if (met) {
      answer.className = "good";
      say(answer, "paper.met", { which: { key: `paper.${met}` } });
      states[met].className = "badge good";
      say(states[met], "paper.same");
      whenMet(met);
    } else { answer.className = "bad"; say(answer, "paper.unmet"); }
  });
  box.append(told("h3", "paper.title"), told("p", "paper.text", {}, { class: "small" }), list, make("p", { class: "screen" }, label), make("div", { class: "screen" }, field), answer);
  return box;
}

// The marks at the items, and players that play the very files that were checked.
function markItems(result, files) {
  for (const item of DATA.items) {
    const paths = [item.path, item.play].filter(Boolean).map((path) => `data/${path}`);
    const badge = badges.get(`data/${item.path}`);
    const state = paths.some((path) => result.wrong.has(path)) ? "bad" : paths.every((path) => result.good.has(path)) ? "good" : "open";
    badge.className = `badge ${state}`;
    say(badge, `badge.${state}`);
    const player = players.get(item.play || item.path);
    const file = files.get(`data/${item.play || item.path}`);
    if (!player || !file || state !== "good") continue;
    const at = player.currentTime || 0;
    player.src = URL.createObjectURL(file.slice(0, file.size, item.media));
    if (at) player.currentTime = at;
  }
}

function checkSection() {
  const section = make("section", { id: "check" }, told("h2", "check.title"), told("p", "check.text"));
  const input = make("input", { type: "file", webkitdirectory: "", multiple: "", id: "folder", tabindex: "-1", "aria-hidden": "true" });
  const choose = button("check.choose", () => input.click(), { class: "main", id: "choose" });
  const stop = button("check.stop", () => {}, { hidden: "", id: "stop" });
  const progress = make("progress", { max: 1, value: 0, hidden: "" });
  sayLabel(progress, "check.title");
  const status = told("p", "check.none", {}, { role: "status", id: "status", class: "small" });
  const area = make("div", { class: "drop", id: "drop" }, input, choose, told("p", "check.drop", {}, { class: "small soft" }), stop, progress, status);
  const result = make("div", { id: "result", tabindex: "-1" });
  section.append(area, told("p", "check.unchecked", {}, { class: "paper" }), result, told("p", "check.lie", {}, { class: "notice small" }));

  async function run(entries) {
    const found = packageIn(entries);
    result.replaceChildren();
    for (const badge of badges.values()) { badge.className = "badge open"; say(badge, "badge.open"); }
    section.querySelector(":scope > .paper").hidden = false;
    if (found.refused) { say(status, found.refused); return; }
    if (!hashingWorks()) { say(status, "check.no_hash"); return; }
    const total = [...found.files.values()].reduce((sum, file) => sum + file.size, 0);
    const hashing = startHashing();
    let doneBytes = 0, doneFiles = 0;
    choose.disabled = true;
    stop.hidden = progress.hidden = false;
    stop.onclick = () => hashing.stop();
    const outcome = await checked(found, hashing, {
      file: () => { doneFiles += 1; say(status, "check.running", { at: doneFiles, of: found.files.size }); },
      bytes: (bytes) => { doneBytes += bytes; progress.value = total ? doneBytes / total : 1; },
    }).catch((error) => ({ failed: error }));
    hashing.stop();
    choose.disabled = false;
    stop.hidden = progress.hidden = true;
    if (!outcome) { say(status, "check.stopped"); return; }
    if (outcome.failed) { say(status, "check.failed", { detail: outcome.failed }); return; }
    say(status, "check.done", { count: found.files.size, size: sizeText(total) });
    section.querySelector(":scope > .paper").hidden = true;
    const verdict = make("div", { id: "verdicts" });
    let table = resultTable(outcome.rows);
    judge(verdict, outcome, found.folder);
    result.append(verdict);
    if (outcome.faults.length) result.append(make("ul", { class: "faults", id: "faults" }, ...outcome.faults.map(faultNode)));
    // The custody head anchors the log alone; the fingerprint (with the signature) or the package hash, everything.
    const onPaper = (number) => {
      const row = outcome.rows.find((each) => each.key === "row.paper");
      if (number === "custody" || row.state === "good") return;
      Object.assign(row, goodRow("row.paper", "paper.met", { which: { key: `paper.${number}` } }));
      const next = resultTable(outcome.rows);
      table.replaceWith(next);
      table = next;
      judge(verdict, outcome, found.folder);
    };
    result.append(table, paperNode(outcome.numbers, onPaper));
    markItems(outcome, found.files);
    result.focus({ preventScroll: true });
  }

  input.addEventListener("change", () => { const entries = picked(input); input.value = ""; if (entries.length) run(entries); });
  for (const type of ["dragenter", "dragover"]) {
    document.addEventListener(type, (event) => { event.preventDefault(); area.classList.add("over"); });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) area.classList.remove("over"); });
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    area.classList.remove("over");
    if (choose.disabled) return;
    const entries = await dropped(event.dataTransfer).catch(() => null);
    if (entries) run(entries);
    else say(status, "check.drop_failed");
  });
  return section;
}
