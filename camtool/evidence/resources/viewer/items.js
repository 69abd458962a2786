// The items: clips, stills, papers; each with its clocks, its parents and its mark.
const PICTURES = ["image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"];
const PAPERS = ["application/pdf", "text/plain"];
const badges = new Map();
// A first picture for the clips a person comes to, not for a hundred at once.
const near = new IntersectionObserver((seen) => {
  for (const each of seen.filter((one) => one.isIntersecting)) {
    each.target.preload = "auto";
    near.unobserve(each.target);
  }
}, { rootMargin: "50%" });
const players = new Map();

const fileName = (path) => String(path).split("/").pop();
const roleNode = (role) => worded(`role.${role}`, role, { class: "role" });

function cameraText(camera) {
  if (!camera) return null;
  return [camera.number, camera.name, camera.place].filter((each) => each !== null && each !== undefined && each !== "").join(" · ");
}

function spanNode(span) {
  if (!span) return null;
  if (!span.to || span.to === span.from) return make("span", { class: "clock" }, timeText(span.from));
  return told("span", "span", spanFacts(span), { class: "clock" });
}

function clockNode(clock) {
  if (!clock) return null;
  const observed = clock.observed ? "clock.observed" : "clock.assumed";
  const facts = { length: lengthText(clock.offset_us || 0), how: { key: observed } };
  const key = !clock.offset_us ? "clock.right" : clock.offset_us > 0 ? "clock.behind" : "clock.ahead";
  const node = make("span", {}, told("span", key, facts));
  if (clock.note) node.append(" ", name(clock.note));
  return node;
}

function parentsNode(parents) {
  if (!parents || !parents.length) return null;
  const list = make("span");
  for (const sha256 of parents) {
    const parent = DATA.items.find((each) => each.sha256 === sha256);
    const file = DATA.files.find((each) => each.sha256 === sha256);
    const line = make("div");
    if (parent) line.append(make("a", { href: `#item-${parent.id}` }, fileName(parent.path)), " ");
    else if (file) line.append(name(file.path), " ");
    else line.append(told("span", "parent.outside"), " ");
    list.append(line, mono(sha256));
  }
  return list;
}

function facts(item) {
  const list = make("dl", { class: "small" });
  const camera = cameraText(item.camera);
  const still = item.true_span && item.true_span.from === item.true_span.to;
  return rows(list, [
    ["item.camera", camera && name(camera)],
    [still ? "item.at.true" : "item.true", spanNode(item.true_span)],
    [still ? "item.at.camera" : "item.camera_time", spanNode(item.camera_span)],
    ["item.requested", spanNode(item.requested)],
    ["item.lead", item.lead_in_us > 0 ? told("span", "item.lead.text", { length: lengthText(item.lead_in_us) }) : null],
    ["item.clock", clockNode(item.clock)],
    ["item.packets", item.packets],
    ["item.frame", item.frame],
    ["item.note", item.note ? name(item.note) : null],
    ["item.parents", parentsNode(item.parents)],
    ["item.size", told("span", "bytes", { count: sizeText(item.size_bytes) })],
    ["item.sha256", mono(item.sha256)],
  ]);
}

// Both clocks at the moment shown. Only by proportion: a recorder's pictures need not run at an even pace.
function runningClock(item, video) {
  const { true_span: real, camera_span: shown } = item;
  if (!real || !real.to) return null;
  const line = make("p", { class: "small clock screen" });
  const lead = told("span", "lead.now", {}, { class: "lead", hidden: "" });
  const text = make("span");
  line.append(lead, " ", text);
  const at = (span) => {
    const from = instantMs(span.from);
    const share = video.duration ? Math.min(1, video.currentTime / video.duration) : 0;
    const { date, clock, tenth } = clockLike(from + share * (instantMs(span.to) - from), span.from);
    return `${date} ${clock}.${tenth}`;
  };
  const show = () => {
    lead.hidden = !(item.lead_in_us > 0 && video.currentTime * 1e6 < item.lead_in_us);
    say(text, shown ? "clock.both" : "clock.true", { real: at(real), shown: shown ? at(shown) : "" });
  };
  video.addEventListener("timeupdate", show);
  video.addEventListener("seeked", show);
  video.addEventListener("loadedmetadata", show);
  show();
  return line;
}

function playerOf(item) {
  const source = address(item.play);
  const other = item.play !== item.path;
  const box = make("figure");
  if (other) box.append(told("div", "viewing.copy", {}, { class: "viewing" }));
  const video = make("video", { controls: "", preload: "metadata", playsinline: "", src: source });
  sayLabel(video, "video.label", { name: fileName(item.play) });
  video.muted = true;
  const failed = told("p", "video.failed", { name: item.path }, { class: "notice small", hidden: "" });
  video.addEventListener("error", () => { failed.hidden = false; });
  const controls = make("div", { class: "controls" });
  const jump = (seconds) => () => { video.currentTime = Math.max(0, video.currentTime + seconds); };
  controls.append(button("video.back", jump(-1)), button("video.forward", jump(1)));
  if (item.lead_in_us > 0) {
    controls.append(button("video.wanted", () => { video.currentTime = item.lead_in_us / 1e6; }));
  }
  box.append(video, controls, failed);
  const running = runningClock(item, video);
  if (running) box.append(running);
  const paper = told("p", other ? "paper.copy" : "paper.clip", { name: item.path, copy: item.play }, { class: "paper soft" });
  box.append(paper);
  players.set(item.play, video);
  near.observe(video);
  return box;
}

function showing(item) {
  if (item.media && item.media.startsWith("video/") && address(item.play)) return playerOf(item);
  const path = address(item.play || item.path);
  if (PICTURES.includes(item.media) && path) {
    const picture = make("img", { src: path, loading: "eager", decoding: "async" });
    picture.alt = plain(fileName(item.path));
    players.set(item.play || item.path, picture);
    return make("figure", {}, picture);
  }
  if (PAPERS.includes(item.media) && path) return make("p", {}, make("a", { href: path }, fileName(item.path)));
  return told("p", "item.unplayable", { name: item.path }, { class: "soft" });
}

function itemNode(item) {
  const badge = told("span", "badge.open", {}, { class: "badge open" });
  badges.set(`data/${item.path}`, badge);
  const top = make("div", { class: "top" }, make("h3", {}, `${item.id}. ${fileName(item.path)}`), roleNode(item.role), badge);
  return make("article", { class: "item", id: `item-${item.id}`, tabindex: "-1" }, top, showing(item), facts(item));
}

function itemsSection() {
  const section = make("section", { id: "items" }, told("h2", "items.title"));
  if (!DATA.items.length) section.append(told("p", "items.none", {}, { class: "soft" }));
  section.append(...DATA.items.map(itemNode));
  return section;
}
