// Drawing: one SVG, a few paths a row, made anew for what is in view. Nothing here listens to anybody.
const SVG = "http://www.w3.org/2000/svg";
const ROW_PX = 52;
// In a row, from above: what happened, then a band that says what is recorded.
const TOP_PX = 3;
const BASE_PX = 40;
const BAND_PX = 8;
// A mark is never narrower than this: an event of two seconds is seen in a day.
const LEAST_PX = 2;
// A gap narrower than this is a tick at the top of its row: hatched over its whole height, short breaks all day long would
// look like a day without recordings.
const NARROW_PX = 3;
const TICK_PX = 7;
// A score of 1 is just visible; from this one on a bar is as high as it gets (docs/skimming.md).
const HIGHEST_SCORE = 50;

const COLOURS = { object: "#0b57d0", unsure: "#6f8fc9", other: "#98a2ad" };

const plot = byId("plot");
const marks = byId("marks");
const view = { from: data.window[0], to: data.window[1] };
const chosen = { row: null, from: 0, to: 0 };
let focus = null;
let hereRow = data.rows[0] || null;

const widthPx = () => Math.max(200, plot.clientWidth);
const xOf = (at) => ((at - view.from) / (view.to - view.from)) * widthPx();
const atOf = (x) => view.from + (x / widthPx()) * (view.to - view.from);

function shape(name, attributes, inside) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (inside) made.append(...inside);
  return made;
}

function patterns() {
  const hatch = (id, paper, ink, turn) =>
    shape("pattern", { id, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turn})` }, [
      shape("rect", { width: 7, height: 7, fill: paper }),
      shape("rect", { width: 2.5, height: 7, fill: ink }),
    ]);
  const dots = shape("pattern", { id: "unseen", width: 8, height: 8, patternUnits: "userSpaceOnUse" }, [
    shape("rect", { width: 8, height: 8, fill: "#f3f4f6" }),
    shape("circle", { cx: 2, cy: 2, r: 1, fill: "#a3abb5" }),
    shape("circle", { cx: 6, cy: 6, r: 1, fill: "#a3abb5" }),
  ]);
  return shape("defs", {}, [hatch("gap", "#fdecec", "#d64545", 45), hatch("damaged", "#fff3d1", "#c77700", -45), dots]);
}

// One path of all boxes of a list of [from, to, ...] spans; spans that meet on the screen are one box.
function boxes(spans, y, height, least) {
  let path = "";
  let left = null;
  let right = 0;
  const close = () => {
    if (left !== null) path += `M${left.toFixed(1)} ${y}H${right.toFixed(1)}V${y + height}H${left.toFixed(1)}Z`;
  };
  for (const [from, to] of spans) {
    if (to < view.from || from > view.to) continue;
    const x = Math.max(-5, xOf(from));
    const end = Math.min(widthPx() + 5, Math.max(xOf(to), x + least));
    if (left !== null && x <= right) right = Math.max(right, end);
    else {
      close();
      [left, right] = [x, end];
    }
  }
  close();
  return path;
}

const isWide = (span) => xOf(span[1]) - xOf(span[0]) >= NARROW_PX;

const heightOf = (score) =>
  6 + (BASE_PX - TOP_PX - 6) * Math.min(1, Math.log(1 + Math.max(0, score)) / Math.log(1 + HIGHEST_SCORE));

const lookOf = (event) => (event.cause in COLOURS ? event.cause : "other");

// Bars by look; of those that fall on the same pixels only the highest is drawn.
function bars(row, y) {
  const paths = { other: "", unsure: "", object: "" };
  const last = {};
  for (const event of eventsIn(row, view.from, view.to)) {
    const look = lookOf(event);
    const x = Math.max(-5, xOf(event.start));
    const end = Math.min(widthPx() + 5, Math.max(xOf(event.end), x + LEAST_PX));
    const height = heightOf(event.score);
    const before = last[look];
    if (before && end <= before.end + 0.5 && height <= before.height) continue;
    last[look] = { end, height };
    paths[look] += `M${x.toFixed(1)} ${y + BASE_PX}V${(y + BASE_PX - height).toFixed(1)}H${end.toFixed(1)}V${y + BASE_PX}Z`;
  }
  return paths;
}

function drawRow(row, place) {
  const y = place * ROW_PX;
  const width = widthPx();
  const drawn = [
    shape("rect", { x: 0, y, width, height: ROW_PX, fill: "#fff" }),
    shape("path", { d: boxes(row.covered, y + TOP_PX, BASE_PX - TOP_PX, 0), fill: "#eff6f1" }),
    shape("path", { d: boxes(row.unseen, y + TOP_PX, BASE_PX - TOP_PX, 0), fill: "url(#unseen)" }),
    shape("path", { d: boxes(row.covered, y + BASE_PX, BAND_PX, 1), fill: "#3f9562" }),
    shape("path", { d: boxes(row.gaps.filter(isWide), y + TOP_PX, BASE_PX - TOP_PX + BAND_PX, 0), fill: "url(#gap)" }),
    shape("path", {
      d: boxes(row.damaged.filter(isWide), y + BASE_PX - 6, BAND_PX + 6, 0), fill: "url(#damaged)", stroke: "#8a5200",
      "stroke-width": 1,
    }),
  ];
  const paths = bars(row, y);
  for (const look of ["other", "unsure", "object"]) {
    if (paths[look]) drawn.push(shape("path", { d: paths[look], fill: COLOURS[look] }));
  }
  const narrow = (spans) => spans.filter((span) => !isWide(span));
  drawn.push(shape("path", { d: boxes(narrow(row.gaps), y + TOP_PX, TICK_PX, LEAST_PX), fill: "#d64545" }));
  drawn.push(shape("path", { d: boxes(narrow(row.damaged), y + BASE_PX, BAND_PX, LEAST_PX), fill: "#f5a300" }));
  drawn.push(shape("rect", { x: 0, y, width, height: 1, fill: "#d5dbe1" }));
  return drawn;
}

function framed(row, from, to, ink, dash) {
  const place = data.rows.indexOf(row);
  const x = Math.max(-3, xOf(from));
  const width = Math.max(4, Math.min(widthPx() + 3, xOf(to)) - x);
  if (to < view.from || from > view.to) return [];
  return [
    shape("rect", {
      x, y: place * ROW_PX + 2, width, height: ROW_PX - 3, fill: ink, "fill-opacity": 0.1, stroke: ink,
      "stroke-width": 2, "stroke-dasharray": dash || "none", "vector-effect": "non-scaling-stroke",
    }),
  ];
}

function outside() {
  const height = data.rows.length * ROW_PX;
  const left = xOf(data.window[0]);
  const right = xOf(data.window[1]);
  const drawn = [];
  if (left > 0) drawn.push([0, left]);
  if (right < widthPx()) drawn.push([right, widthPx() - right]);
  return drawn.map(([x, width]) => shape("rect", { x, y: 0, width, height, fill: "#c6cdd4" }));
}

// Steps of the axis, ms: the first that leaves a label its room.
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800,
  604800, 2592000].map((seconds) => seconds * 1000);

function ticks() {
  const room = (view.to - view.from) / widthPx();
  const step = STEPS.find((each) => each >= room * (each < DAY_MS ? 78 : 48)) || STEPS[STEPS.length - 1];
  const found = [];
  const offset = data.base + offsetAt(view.from);
  for (let at = Math.ceil((view.from + offset) / step) * step - offset; at < view.to; at += step) found.push(at);
  return { step, found };
}

function drawAxis() {
  const { step, found } = ticks();
  const labels = [];
  const percent = (at) => `${((at - view.from) / (view.to - view.from)) * 100}%`;
  for (const at of found) {
    if (xOf(at) < 24 || xOf(at) > widthPx() - 24) continue;
    const time = local(at);
    const text = step >= DAY_MS ? dayOf(at).slice(0, 5) : clockOf(at).slice(0, step < 60000 ? 8 : 5);
    const label = element("span", text);
    label.style.left = percent(at);
    labels.push(label);
    const midnight = time.getUTCHours() + time.getUTCMinutes() + time.getUTCSeconds() === 0;
    if (midnight && step < DAY_MS && xOf(at) > 80) labels.push(dayLabel(at, percent(at)));
  }
  labels.push(dayLabel(view.from, "0%"));
  byId("axis").replaceChildren(...labels);
  return found.map((at) =>
    shape("rect", { x: xOf(at), y: 0, width: 1, height: data.rows.length * ROW_PX, fill: "#16202b", "fill-opacity": 0.1 }));
}

function dayLabel(at, left) {
  const label = element("span", dayOf(at), "day");
  label.style.left = left;
  return label;
}

function drawLabels() {
  const labels = [];
  const put = (row, from, to, text, className) => {
    if (to < view.from || from > view.to) return;
    const label = element("span", text, className);
    label.style.left = `${Math.max(0, ((from - view.from) / (view.to - view.from)) * 100)}%`;
    label.style.top = `calc(var(--row) * ${data.rows.indexOf(row)} + 2px)`;
    labels.push(label);
  };
  for (const lead of data.leads) put(rowOf(lead.camera), lead.from, lead.to, lead.label);
  if (data.origin) put(rowOf(data.origin.camera), data.origin.from, data.origin.to, "★", "from");
  byId("labels").replaceChildren(...labels);
}

const rowOf = (number) => data.rows.find((row) => row.n === number);

function draw() {
  const height = data.rows.length * ROW_PX;
  marks.setAttribute("viewBox", `0 0 ${widthPx()} ${height}`);
  marks.style.height = ""; // print has its own
  marks.setAttribute("height", height);
  const lines = drawAxis();
  const drawn = [patterns(), ...data.rows.flatMap(drawRow), ...lines, ...outside()];
  for (const lead of data.leads) drawn.push(...framed(rowOf(lead.camera), lead.from, lead.to, "#0b57d0"));
  if (data.origin) drawn.push(...framed(rowOf(data.origin.camera), data.origin.from, data.origin.to, "#a3126b"));
  if (chosen.row) drawn.push(...framed(chosen.row, chosen.from, chosen.to, "#0f766e", "6 3"));
  if (focus) drawn.push(...framed(focus.row, focus.start, focus.end, "#111"));
  marks.replaceChildren(...drawn);
  drawLabels();
  const atWork = focus || document.activeElement === plot;
  [...byId("names").children].forEach((name, place) => name.classList.toggle("here", atWork && data.rows[place] === hereRow));
  byId("shown").textContent = filled(words.shown, { span: between(view.from, view.to) });
}
