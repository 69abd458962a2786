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

// The chain of the custody log. Returns {head, count, faults: [{key, facts}]}.
function chainOf(bytes, shown) {
  const faults = [];
  let head = ZEROS;
  let count = 0;
  let from = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(10, from);
    const line = bytes.subarray(from, end < 0 ? bytes.length : end);
    count += 1;
    if (end < 0) faults.push({ key: "chain.open", facts: { line: count } });
    from = end < 0 ? bytes.length : end + 1;
    let entry = null;
    let text = "";
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
      entry = JSON.parse(text);
    } catch {
      entry = null;
    }
    if (!entry || typeof entry !== "object" || entry.n !== count || entry.prev !== head || canonical(entry) !== text) {
      faults.push({ key: "chain.broken", facts: { line: count } });
    }
    if (!shown[count - 1] || canonical(shown[count - 1]) !== text) faults.push({ key: "chain.shown", facts: { line: count } });
    head = sha256OfBytes(line);
  }
  if (count !== shown.length) faults.push({ key: "chain.count", facts: { here: count, stated: shown.length } });
  return { head, count, faults };
}
