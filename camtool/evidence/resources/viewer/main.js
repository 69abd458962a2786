// The page: what it is about, the check, the line of time, the items, the log, the list of files, and how to check by hand.

function headSection() {
  const { number, title, kind, officer, opened_local: opened } = DATA.case;
  const head = make("div", { class: "head" });
  head.append(make("p", { class: "soft" }, name(DATA.unit || "")), make("h1", {}, name(title || number)));
  rows(head.appendChild(make("dl")), [
    ["case.number", number],
    ["case.kind", kind && worded(`kind.${kind}`, kind)],
    ["case.officer", officer ? name(officer) : null],
    ["case.opened", timeText(opened)],
    ["case.sealed", timeText(DATA.sealed.local || DATA.sealed.utc)],
    ["case.sealed_by", DATA.sealed.officer ? name(DATA.sealed.officer) : null],
    ["paper.fingerprint", mono(grouped(DATA.fingerprint))],
    ["paper.custody", mono(grouped(DATA.custody_head))],
  ]);
  const notice = make("div", { class: "notice" }, told("strong", "notice.title"), " ", told("span", "notice.text"));
  return [notice, head];
}

function objectNode(object) {
  if (!object) return null;
  return make("div", {}, name(object.path || ""), make("br"), mono(object.sha256 || ""));
}

function entryNode(entry) {
  const more = make("details", {}, told("summary", "custody.more"));
  const list = make("dl", { class: "small" });
  const tools = Object.entries(entry.tools || {}).map(([tool, version]) => `${tool} ${version}`).join(", ");
  rows(list, [
    ["custody.account", entry.account],
    ["custody.utc", timeText(entry.time_utc)],
    ["custody.command", entry.command && entry.command.length ? mono(entry.command.join(" ")) : null],
    ["custody.tools", tools],
    ["custody.prev", mono(entry.prev || "")],
  ]);
  more.append(list);
  if (entry.facts && Object.keys(entry.facts).length) more.append(make("pre", { class: "mono" }, JSON.stringify(entry.facts, null, 1)));
  const result = entry.result === "ok" ? null : make("div", { class: "bad" }, name(entry.result));
  const act = worded(`act.${entry.act}`, entry.act);
  const role = entry.role ? make("div", {}, roleNode(entry.role)) : null;
  return make("tr", {}, make("td", {}, entry.n), make("td", { class: "clock" }, timeText(entry.time_local)), make("td", {}, name(entry.who)),
    make("td", {}, act, role, result), make("td", {}, entry.why ? name(entry.why) : null, objectNode(entry.object), more));
}

function custodySection() {
  const head = make("tr", {}, ...["custody.n", "custody.time", "custody.who", "custody.act", "custody.what"].map((key) => told("th", key)));
  const table = make("table", { class: "rows" }, make("thead", {}, head), make("tbody", {}, ...DATA.custody.map(entryNode)));
  return make("section", { id: "custody" }, told("h2", "custody.title"), told("p", "custody.text", {}, { class: "small soft" }), table);
}

function filesSection() {
  const head = make("tr", {}, ...["files.path", "files.size", "item.sha256"].map((key) => told("th", key)));
  const lines = DATA.files.map((file) => make("tr", {}, make("td", {}, name(file.path)), make("td", {}, sizeText(file.size_bytes)), make("td", { class: "mono" }, file.sha256)));
  const table = make("table", { class: "rows small" }, make("thead", {}, head), make("tbody", {}, ...lines));
  const all = make("details", {}, told("summary", "files.show", { count: DATA.files.length }), table);
  return make("section", { id: "files" }, told("h2", "files.title"), told("p", "files.text", {}, { class: "small soft" }), all);
}

function handSection() {
  const commands = [
    "sh verify.sh",
    "sha256sum tagmanifest-sha256.txt",
    "openssl pkey -pubin -in signer.pub.pem -outform DER | sha256sum",
    "openssl pkeyutl -verify -pubin -inkey signer.pub.pem -rawin -in tagmanifest-sha256.txt -sigfile tagmanifest-sha256.txt.sig",
    "sha256sum --strict -c tagmanifest-sha256.txt",
    "sha256sum --strict -c manifest-sha256.txt",
  ];
  return make("section", { id: "hand" }, told("h2", "hand.title"), told("p", "hand.text"), make("pre", { class: "mono" }, commands.join("\n")));
}

function topBar() {
  const bar = make("nav", { class: "bar" }, make("strong", {}, DATA.case.number));
  sayLabel(bar, "nav.label");
  for (const part of ["check", "timeline", "items", "custody", "files", "hand"]) bar.append(told("a", `nav.${part}`, {}, { href: `#${part}` }));
  const change = button("nav.language", () => speak(language === "vi" ? "en" : "vi"), { id: "language" });
  bar.append(button("nav.print", () => window.print()), change);
  return bar;
}

function begin() {
  const main = make("main", { id: "main" });
  main.append(...headSection(), checkSection(), timelineSection(), itemsSection(), custodySection(), filesSection(), handSection());
  document.getElementById("page").replaceChildren(told("a", "nav.skip", {}, { class: "skip", href: "#main" }), topBar(), main);
  document.title = plain(`${DATA.case.number} · ${DATA.case.title || ""}`);
  document.documentElement.lang = language;
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const each of opened) each.open = true;
  });
  window.addEventListener("afterprint", () => { for (const each of opened) each.open = false; });
}

begin();
