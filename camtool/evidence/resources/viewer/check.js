// The check: every file of the chosen folder is hashed, then compared with each list, both ways.
// Three states, and none of them by default: good (done, and it matches), bad, open (not done, and why).
const JUNK = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i;
const PAGE = "data/index.html";

async function hashAll(files, hashing, progress) {
  const hashes = new Map();
  const unreadable = [];
  for (const [path, file] of files) {
    progress.file(path);
    try {
      const sha256 = await hashing.hash(file, progress.bytes);
      if (sha256 === null) return null;
      hashes.set(path, sha256);
    } catch {
      unreadable.push(path);
    }
  }
  return { hashes, unreadable };
}

// Compare what is there with what is listed, both ways. there and listed: Map path -> SHA-256.
function compared(there, listed) {
  const faults = [];
  for (const [path, expected] of listed) {
    if (!there.has(path)) faults.push({ kind: "missing", path, expected, found: null });
    else if (there.get(path) !== expected) faults.push({ kind: "changed", path, expected, found: there.get(path) });
  }
  for (const [path, found] of there) {
    if (!listed.has(path)) faults.push({ kind: "planted", path, expected: null, found });
  }
  return faults;
}

const part = (hashes, wanted) => new Map([...hashes].filter(([path]) => wanted(path)));
const inData = (path) => path.startsWith("data/");

function pageList() {
  const listed = new Map(DATA.files.map((file) => [file.path, file.sha256]));
  const contradictions = DATA.items.filter((item) => listed.get(`data/${item.path}`) !== item.sha256
    || (item.play && !listed.has(`data/${item.play}`)));
  return { listed, contradictions };
}

function listRow(key, listed, faults, note) {
  if (faults.length || note) return { key, state: "bad", answer: note || { key: "answer.faults", facts: { count: faults.length } } };
  return { key, state: "good", answer: { key: "answer.all", facts: { count: listed.size } } };
}

const openRow = (key, answer, facts = {}) => ({ key, state: "open", answer: { key: answer, facts } });
const badRow = (key, answer, facts = {}) => ({ key, state: "bad", answer: { key: answer, facts } });
const goodRow = (key, answer, facts = {}) => ({ key, state: "good", answer: { key: answer, facts } });

async function manifestRow(key, name, files, there) {
  if (!files.has(name)) return { row: badRow(key, "answer.no_file", { name }), faults: [] };
  const { listed, broken } = manifestOf(await files.get(name).text());
  const faults = compared(there, listed);
  const note = broken.length ? { key: "answer.broken_line", facts: { line: broken[0] } } : null;
  return { row: listRow(key, listed, faults, note), faults };
}

async function custodyRow(files, info) {
  const file = files.get("data/ho_so/custody.jsonl");
  if (!file) return { row: badRow("row.custody", "answer.no_file", { name: "data/ho_so/custody.jsonl" }), head: null };
  const chain = chainOf(new Uint8Array(await file.arrayBuffer()), DATA.custody);
  if (chain.faults.length) return { row: { key: "row.custody", state: "bad", answer: chain.faults[0] }, head: chain.head };
  const sealed = !info || (info["custody-head"] === chain.head && Number(info["custody-entries"]) === chain.count);
  const holds = sealed && DATA.custody_head === chain.head;
  const row = holds ? goodRow("row.custody", "answer.chain", { count: chain.count }) : badRow("row.custody", "answer.head");
  return { row, head: chain.head };
}

async function signatureRows(files) {
  const bytes = async (name) => (files.has(name) ? new Uint8Array(await files.get(name).arrayBuffer()) : null);
  const pem = await bytes("signer.pub.pem");
  const key = pem && keyBytes(new TextDecoder().decode(pem));
  if (!key) {
    const missing = badRow("row.key", pem ? "answer.no_key" : "answer.no_file", { name: "signer.pub.pem" });
    return { rows: [missing, openRow("row.signature", "answer.without_key")], fingerprint: null };
  }
  const fingerprint = sha256OfBytes(key);
  const keyRow = fingerprint === DATA.fingerprint ? goodRow("row.key", "answer.key") : badRow("row.key", "answer.other_key");
  const [signature, signed] = [await bytes(SEALS[1]), await bytes(SEALS[0])];
  if (!signature || !signed) {
    return { rows: [keyRow, badRow("row.signature", "answer.no_file", { name: signature ? SEALS[0] : SEALS[1] })], fingerprint };
  }
  const holds = await signatureHolds(key, signature, signed);
  const row = holds === null ? openRow("row.signature", "answer.no_ed25519")
    : holds ? goodRow("row.signature", "answer.signed") : badRow("row.signature", "answer.not_signed");
  return { rows: [keyRow, row], fingerprint };
}

// Returns {rows, faults, good: Set of paths, numbers} of a chosen package, or null where the person stopped it.
async function checked({ files, whole }, hashing, progress) {
  const done = await hashAll(files, hashing, progress);
  if (!done) return null;
  const { hashes, unreadable } = done;
  for (const path of unreadable) hashes.set(path, "");
  const rowsFound = [];
  const faults = unreadable.map((path) => ({ kind: "unreadable", path, expected: null, found: null }));
  const add = (more) => {
    for (const fault of more) {
      const known = faults.some((each) => each.path === fault.path && (each.kind === fault.kind || each.kind === "unreadable"));
      if (!known) faults.push(fault);
    }
  };
  const data = part(hashes, inData);
  const page = pageList();
  const pageFaults = compared(part(data, (path) => path !== PAGE), page.listed);
  add(pageFaults);
  const note = page.contradictions.length ? { key: "answer.contradiction", facts: { name: page.contradictions[0].path } } : null;
  rowsFound.push(listRow("row.page", page.listed, pageFaults, note));
  const numbers = { fingerprint: null, package: null, custody: null };
  let info = null;
  if (whole) {
    const manifest = await manifestRow("row.manifest", "manifest-sha256.txt", files, data);
    add(manifest.faults);
    rowsFound.push(manifest.row);
    const beside = part(hashes, (path) => !inData(path) && !SEALS.includes(path));
    const tags = await manifestRow("row.tag", SEALS[0], files, beside);
    add(tags.faults);
    add(SEALS.slice(0, 3).filter((name) => !files.has(name)).map((name) => ({ kind: "missing", path: name, expected: null, found: null })));
    rowsFound.push(tags.row);
    info = files.has("bag-info.txt") ? bagInfoOf(await files.get("bag-info.txt").text()) : {};
    numbers.package = hashes.get(SEALS[0]) || null;
  } else {
    rowsFound.push(openRow("row.manifest", "answer.only_data"), openRow("row.tag", "answer.only_data"));
  }
  const custody = await custodyRow(files, info);
  numbers.custody = custody.head;
  rowsFound.push(custody.row);
  if (whole) {
    const signature = await signatureRows(files);
    numbers.fingerprint = signature.fingerprint;
    rowsFound.push(...signature.rows);
    const stamp = files.has(SEALS[3]) ? openRow("row.stamp", "answer.stamp_unread") : { key: "row.stamp", state: "none", answer: { key: "answer.no_stamp" } };
    rowsFound.push(stamp);
  } else {
    rowsFound.push(openRow("row.key", "answer.only_data"), openRow("row.signature", "answer.only_data"), openRow("row.stamp", "answer.only_data"));
  }
  rowsFound.push(openRow("row.paper", "answer.no_paper"));
  const wrong = new Set(faults.map((fault) => fault.path));
  const good = new Set([...page.listed.keys()].filter((path) => hashes.has(path) && !wrong.has(path)));
  return { rows: rowsFound, faults, wrong, good, numbers };
}
