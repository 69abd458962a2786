// Words: every text of the page in both languages, and the elements that carry one. All text enters as text.
const DATA = JSON.parse(document.getElementById("data").textContent);
const TEXTS = JSON.parse(document.getElementById("texts").textContent);
const LANGUAGES = ["vi", "en"];
let language = LANGUAGES.includes(DATA.language) ? DATA.language : "vi";
let spoken = [];

// What turns text around or hides it is shown as its number: a name must not look like another name.
function plain(value) {
  return String(value).replace(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (sign) => `⟨U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}

// A fact may itself be words: {key, facts}.
function words(key, facts = {}) {
  const text = Object.hasOwn(TEXTS, key) ? TEXTS[key][language] : key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    if (!Object.hasOwn(facts, name)) return whole;
    const fact = facts[name];
    return fact && typeof fact === "object" ? words(fact.key, fact.facts) : plain(fact);
  });
}

function say(node, key, facts) {
  spoken = spoken.filter((each) => each.node !== node);
  spoken.push({ node, key, facts });
  node.textContent = words(key, facts);
  return node;
}

function sayLabel(node, key, facts) {
  spoken.push({ node, key, facts, label: true });
  node.setAttribute("aria-label", words(key, facts));
  return node;
}

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  spoken = spoken.filter((each) => each.node.isConnected);
  for (const each of spoken) {
    const text = words(each.key, each.facts);
    if (each.label) each.node.setAttribute("aria-label", text);
    else each.node.textContent = text;
  }
}

// make("p", {class: "soft"}, child, child): children are nodes, or text.
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  for (const child of children) {
    if (child !== null && child !== undefined) node.append(child instanceof Node ? child : plain(child));
  }
  return node;
}

const told = (tag, key, facts, attributes) => say(make(tag, attributes), key, facts);
const name = (value) => make("bdi", { class: "text" }, value);
// What the log calls a thing, in words where there are any for it, else as the log has it.
const worded = (key, value, attributes) => (Object.hasOwn(TEXTS, key) ? told("span", key, {}, attributes) : name(value));
const mono = (value) => make("span", { class: "mono" }, value);

function button(key, act, attributes = {}) {
  const node = told("button", key, {}, { type: "button", ...attributes });
  node.addEventListener("click", act);
  return node;
}

function rows(list, entries) {
  for (const [key, value] of entries) {
    if (value === null || value === undefined || value === "") continue;
    list.append(told("dt", key), make("dd", {}, value));
  }
  return list;
}

// 64 hex digits in groups of four, as the seal sheet prints them.
const grouped = (hex) => (hex ? hex.replace(/(.{4})(?=.)/g, "$1 ") : "");
const sizeText = (bytes) => String(bytes).replace(/\B(?=(\d{3})+$)/g, "\u202f");

// RFC 3339 to what people here read: the clock as written, day first; the browser's own time zone has no say.
function timeText(text) {
  const read = /^(\d+)-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text || "");
  if (!read) return text ? plain(text) : "";
  const [, year, month, day, clock, fraction, zone] = read;
  const part = fraction ? `.${fraction.slice(0, 3)}` : "";
  return `${day}/${month}/${year} ${clock}${part} (UTC${zone === "Z" ? "" : zone})`;
}

// The same of both ends of a span, the day and the zone once where they are the same.
function spanFacts({ from, to }) {
  const [start, end] = [timeText(from), timeText(to)];
  const [day, ...rest] = start.split(" ");
  const [otherDay, ...otherRest] = end.split(" ");
  if (rest[1] !== otherRest[1]) return { from: start, to: end };
  return { from: `${day} ${rest[0]}`, to: day === otherDay ? otherRest.join(" ") : end };
}

const instantMs = (text) => Date.parse((text || "").replace(/(\.\d{3})\d+/, "$1"));

// How far an RFC 3339 text's clock is from UTC, in ms.
function offsetMs(text) {
  const zone = /([+-])(\d\d):(\d\d)$/.exec(text || "");
  return zone ? (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60000 : 0;
}

// An instant in the offset of another RFC 3339 text, as a clock shows it.
function clockLike(ms, model) {
  const shown = new Date(ms + offsetMs(model)).toISOString();
  return { date: `${shown.slice(8, 10)}/${shown.slice(5, 7)}/${shown.slice(0, 4)}`, clock: shown.slice(11, 19), tenth: shown.slice(20, 21) };
}

function lengthText(us) {
  const tenths = Math.round(Math.abs(us) / 100000);
  const seconds = Math.floor(tenths / 10);
  const two = (number) => String(number).padStart(2, "0");
  const rest = tenths % 10 ? `.${tenths % 10}` : "";
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${rest}`;
}

// A path of the package as an address beside this page; null for what would lead elsewhere.
function address(path) {
  const parts = String(path).split("/");
  if (!path || parts.some((part) => part === "" || part === "." || part === "..")) return null;
  return `./${parts.map(encodeURIComponent).join("/")}`;
}
