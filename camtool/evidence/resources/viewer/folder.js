// The folder that was chosen: its files by their paths within the package.
const SEALS = ["tagmanifest-sha256.txt", "tagmanifest-sha256.txt.sig", "tagmanifest-sha256.txt.sshsig", "tagmanifest-sha256.txt.tsr"];
const PARTS_OF_DATA = ["index.html", "BIEN_BAN.pdf", "goc/", "trich/", "xem/", "che/", "anh/", "giay_to/", "ho_so/"];
const PACKAGE_MARKS = ["bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "data/index.html"];

// entries: [{path, file}]. Returns {files: Map, whole: bool, folder} or {refused: key}.
// whole is false where only the folder data/ was chosen, so that nothing beside it can be compared.
function packageIn(entries) {
  const all = new Map(entries.map(({ path, file }) => [path, file]));
  const under = (prefix) => new Map([...all].filter(([path]) => path.startsWith(prefix)).map(([path, file]) => [path.slice(prefix.length), file]));
  const tops = new Set([...all.keys()].map((path) => path.slice(0, path.indexOf("/") + 1)));
  if (!all.size) return { refused: "folder.empty" };
  if (tops.size !== 1) return { refused: "folder.several" };
  const [top] = tops;
  const files = under(top);
  const holds = (inside, marks) => marks.some((mark) => [...inside.keys()].some((path) => path === mark || (mark.endsWith("/") && path.startsWith(mark))));
  if (holds(files, [...PACKAGE_MARKS, "data/"])) return { files, whole: true, folder: top.slice(0, -1) };
  const children = new Set([...files.keys()].filter((path) => path.includes("/")).map((path) => path.slice(0, path.indexOf("/") + 1)));
  const packages = [...children].filter((child) => holds(under(top + child), PACKAGE_MARKS));
  if (packages.length > 1) return { refused: "folder.several" };
  if (packages.length === 1) return { files: under(top + packages[0]), whole: true, folder: (top + packages[0]).slice(0, -1) };
  if (holds(files, PARTS_OF_DATA)) {
    const inside = new Map([...files].map(([path, file]) => [`data/${path}`, file]));
    return { files: inside, whole: false, folder: top.slice(0, -1) };
  }
  return { refused: "folder.none" };
}

const picked = (input) => Array.from(input.files, (file) => ({ path: file.webkitRelativePath || file.name, file }));

async function fromHandle(handle, prefix, found) {
  if (handle.kind === "file") found.push({ path: prefix + handle.name, file: await handle.getFile() });
  else for await (const child of handle.values()) await fromHandle(child, `${prefix}${handle.name}/`, found);
}

async function fromEntry(entry, prefix, found) {
  if (entry.isFile) {
    found.push({ path: prefix + entry.name, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) });
    return;
  }
  const reader = entry.createReader();
  for (;;) { // a reader gives at most 100 entries at a time
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const child of some) await fromEntry(child, `${prefix}${entry.name}/`, found);
  }
}

// What was dropped. Both ways must be begun before the event ends; which of them a page from disk may use depends on
// the browser.
async function dropped(transfer) {
  const items = Array.from(transfer.items).filter((item) => item.kind === "file");
  const entries = items.map((item) => (item.webkitGetAsEntry ? item.webkitGetAsEntry() : null));
  const handles = items.map((item) => (item.getAsFileSystemHandle ? item.getAsFileSystemHandle() : null));
  try {
    const found = [];
    for (const handle of handles) await fromHandle(await handle, "", found);
    return found;
  } catch {
    const found = [];
    for (const entry of entries) await fromEntry(entry, "", found);
    return found;
  }
}
