// What the package's own papers state, read from the chosen folder: manifests, bag-info, the key, the custody log.
const ZEROS = "0".repeat(64);

// The lines of a BagIt manifest (RFC 8493, 2.1.3): hash, blanks, path; line ends in a path are percent-encoded.
function manifestOf(text) {
  const listed = new Map();
  const broken = [];
  for (const line of text.split("\n").map((each) => each.replace(/\r$/, ""))) {
    if (!line) continue;
    const read = /^([0-9a-fA-F]{64})[ \t]+\*?(.+)$/.exec(line);
    if (!read) { broken.push(line); continue; }
    const path = read[2].replace(/%0A/gi, "\n").replace(/%0D/gi, "\r").replace(/%25/g, "%").replace(/^\.\//, "");
    if (listed.has(path)) broken.push(line);
    listed.set(path, read[1].toLowerCase());
  }
  return { listed, broken };
}

function bagInfoOf(text) {
  const found = {};
  for (const line of text.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
    const read = /^([^:]+):\s*(.*)$/.exec(line);
    if (read) found[read[1].trim().toLowerCase()] = read[2].trim();
  }
  return found;
}

// The key's bytes (SubjectPublicKeyInfo, DER) out of its PEM; null where it is none.
function keyBytes(pem) {
  const read = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/.exec(pem);
  try {
    return read && Uint8Array.from(atob(read[1].replace(/\s/g, "")), (sign) => sign.charCodeAt(0));
  } catch {
    return null;
  }
}

// true or false: the signature holds or not; null: this browser knows no Ed25519.
async function signatureHolds(key, signature, bytes) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("spki", key, "Ed25519", false, ["verify"]);
  } catch (error) {
    return error && error.name === "DataError" ? false : null;
  }
  return crypto.subtle.verify("Ed25519", imported, signature, bytes);
}

// camtool's canonical JSON: keys sorted, no spaces.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

// One line as a row: {entry, text}; null where it is none, or is not written as camtool writes it.
function rowOf(line) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
    const entry = JSON.parse(text);
    return entry && typeof entry === "object" && canonical(entry) === text ? { entry, text } : null;
  } catch {
    return null;
  }
}

function linesOf(bytes) {
  const lines = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(10, from);
    lines.push({ bytes: bytes.subarray(from, end < 0 ? bytes.length : end), ended: end >= 0 });
    from = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

// The chain of the custody log, against the rows that this page shows. Returns {head, count, faults: [{key, facts}]}.
// A line that a power cut left half written stays in the log, and the row behind it (act: resume) says so.
function chainOf(bytes, shown) {
  const lines = linesOf(bytes);
  const rowsRead = lines.map((line) => rowOf(line.bytes));
  const hashes = lines.map((line) => sha256OfBytes(line.bytes));
  const faults = [];
  const texts = new Map(shown.map((entry) => [entry.n, canonical(entry)]));
  const linked = (at) => rowsRead[at] && rowsRead[at].entry.n === at + 1 && rowsRead[at].entry.prev === (at ? hashes[at - 1] : ZEROS);
  const resumed = (at) => linked(at + 1) && rowsRead[at + 1].entry.act === "resume" && (rowsRead[at + 1].entry.facts || {}).line === at + 1;
  let standing = 0;
  lines.forEach((line, at) => {
    const facts = { line: at + 1 };
    if (!line.ended) faults.push({ key: "chain.open", facts });
    if (resumed(at)) return;
    standing += 1;
    if (!linked(at)) faults.push({ key: "chain.broken", facts });
    else if (texts.get(at + 1) !== rowsRead[at].text) faults.push({ key: "chain.shown", facts });
  });
  if (standing !== shown.length) faults.push({ key: "chain.count", facts: { here: standing, stated: shown.length } });
  return { head: hashes.length ? hashes[hashes.length - 1] : ZEROS, count: lines.length, faults };
}
