// The items on one line of true time, a lane for each camera. Bars lead to their items.
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000, LEFT = 170, RIGHT = 20, LANE = 30, TOP = 40;
// Steps between ticks, in seconds, that people count in.
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000];

function draw(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const startOf = (item) => instantMs(item.true_span.from);
const endOf = (item) => instantMs(item.true_span.to || item.true_span.from);

// A lane for each camera, as many rows in it as items lie over one another (none closer than apartMs).
function lanes(items, apartMs) {
  const found = new Map();
  for (const item of [...items].sort((a, b) => startOf(a) - startOf(b))) {
    const { number = null, name: title = "" } = item.camera || {};
    const key = item.camera ? `${number} · ${title}` : "–";
    if (!found.has(key)) found.set(key, { key, number, rows: [] });
    const { rows: inside } = found.get(key);
    const free = inside.find((row) => endOf(row[row.length - 1]) + apartMs <= startOf(item));
    if (free) free.push(item);
    else inside.push([item]);
  }
  return [...found.values()].sort((a, b) => (a.number ?? 1e9) - (b.number ?? 1e9));
}

function bar(item, place, y) {
  const from = instantMs(item.true_span.from);
  const to = instantMs(item.true_span.to || item.true_span.from);
  const link = draw("a", { href: `#item-${item.id}` });
  const spans = timeText(item.true_span.from) + (to > from ? ` – ${timeText(item.true_span.to)}` : "");
  const label = draw("title", {});
  label.textContent = plain(`${item.id}. ${fileName(item.path)}: ${spans}`);
  link.append(label);
  const number = draw("text", { y: y + LANE / 2 + 4 });
  number.textContent = String(item.id);
  if (to <= from) {
    const x = place(from), middle = y + LANE / 2;
    link.append(draw("path", { d: `M${x} ${middle - 8} l7 8 l-7 8 l-7 -8 z`, fill: "#8a3ffc", stroke: "#3d0f80" }), number);
    number.setAttribute("x", x + 10);
    return link;
  }
  const x = place(from), end = Math.max(place(to), x + 3);
  link.append(draw("rect", { class: "span", x, y: y + 7, width: end - x, height: LANE - 14, fill: "#9ec5ea", stroke: "#0b4f8a" }));
  if (item.lead_in_us > 0) {
    const lead = Math.min(end, place(from + item.lead_in_us / 1000)) - x;
    link.append(draw("rect", { x, y: y + 7, width: Math.max(lead, 1.5), height: LANE - 14, fill: "url(#lead)", stroke: "#8a6d00" }));
  }
  number.setAttribute("x", end + 4);
  link.append(number);
  return link;
}

function ticks(svg, first, last, place, bottom, model) {
  const wanted = (last - first) / 1000 / 6;
  const stepMs = 1000 * (STEPS_S.find((step) => step >= wanted) || STEPS_S[STEPS_S.length - 1]);
  let date = "";
  const shiftMs = offsetMs(model);
  for (let at = Math.ceil((first + shiftMs) / stepMs) * stepMs - shiftMs; at <= last; at += stepMs) {
    const x = place(at);
    const shown = clockLike(at, model);
    svg.append(draw("line", { x1: x, x2: x, y1: TOP - 4, y2: bottom, stroke: "#cfd6de" }));
    const text = draw("text", { x, y: TOP - 8, "text-anchor": "middle", class: "soft" });
    text.textContent = stepMs < 60000 ? shown.clock : shown.clock.slice(0, 5);
    svg.append(text);
    if (shown.date !== date) {
      const day = draw("text", { x, y: TOP - 24, "text-anchor": "middle", class: "soft" });
      day.textContent = date = shown.date;
      svg.append(day);
    }
  }
}

function timelineSection() {
  const section = make("section", { id: "timeline" }, told("h2", "timeline.title"));
  const items = DATA.items.filter((item) => item.true_span && Number.isFinite(instantMs(item.true_span.from)));
  if (!items.length) {
    section.append(told("p", "timeline.none", {}, { class: "soft" }));
    return section;
  }
  const edges = items.flatMap((item) => [instantMs(item.true_span.from), instantMs(item.true_span.to || item.true_span.from)]);
  const margin = Math.max(1000, (Math.max(...edges) - Math.min(...edges)) * 0.03);
  const first = Math.min(...edges) - margin, last = Math.max(...edges) + margin;
  const place = (ms) => Math.round((LEFT + ((ms - first) / (last - first)) * (WIDTH - LEFT - RIGHT)) * 10) / 10;
  const found = lanes(items, ((last - first) * 30) / (WIDTH - LEFT - RIGHT)); // room for the number beside it
  const bottom = TOP + found.reduce((sum, lane) => sum + lane.rows.length, 0) * LANE;
  const svg = draw("svg", { class: "line", viewBox: `0 0 ${WIDTH} ${bottom + 6}`, role: "group" });
  sayLabel(svg, "timeline.title");
  const hatch = draw("pattern", { id: "lead", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  hatch.append(draw("rect", { width: 6, height: 6, fill: "#fff3c4" }), draw("rect", { width: 3, height: 6, fill: "#c79b00" }));
  svg.append(draw("defs", {}, hatch));
  ticks(svg, first, last, place, bottom, items[0].true_span.from);
  let y = TOP;
  for (const { key: camera, rows: inside } of found) {
    svg.append(draw("line", { x1: 0, x2: WIDTH, y1: y, y2: y, stroke: "#cfd6de" }));
    const text = draw("text", { x: 4, y: y + LANE / 2 + 4 });
    const shown = plain(camera);
    text.textContent = shown.length > 24 ? `${shown.slice(0, 23)}…` : shown;
    svg.append(text);
    for (const row of inside) {
      svg.append(...row.map((item) => bar(item, place, y)));
      y += LANE;
    }
  }
  const sample = (...parts) => draw("svg", { viewBox: "0 0 32 14", "aria-hidden": "true" }, ...parts);
  const key = make("p", { class: "key small soft" });
  key.append(
    make("span", {}, sample(draw("rect", { x: 1, y: 1, width: 30, height: 12, fill: "#9ec5ea", stroke: "#0b4f8a" })), told("span", "timeline.clip")),
    make("span", {}, sample(draw("rect", { x: 1, y: 1, width: 30, height: 12, fill: "url(#lead)", stroke: "#8a6d00" })), told("span", "timeline.lead")),
    make("span", {}, sample(draw("path", { d: "M16 0 l7 7 l-7 7 l-7 -7 z", fill: "#8a3ffc", stroke: "#3d0f80" })), told("span", "timeline.still")),
  );
  section.append(told("p", "timeline.text", {}, { class: "small soft" }), make("div", { class: "wide" }, svg), key);
  return section;
}
