// What the page shows, and how times are written. All instants are ms after data.base (UTC ms since 1970), true time.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const LENGTH = data.window[1] - data.window[0];
// A whole day is cut as easily as a second; closer than this there is nothing more to see.
const CLOSEST_MS = 2000;
const DAY_MS = 86400000;

const byId = (id) => document.getElementById(id);

// Everything a person wrote goes through here: text, never markup.
function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function filled(template, facts) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

// The zone's offset in force at an instant; data.offsets holds [from, offset] pairs, both ms, by start.
function offsetAt(at) {
  let offset = data.offsets[0][1];
  for (const [from, each] of data.offsets) if (from <= at) offset = each;
  return offset;
}

// Whether the zone's clocks show this instant's time twice (clock change).
function shownTwice(at) {
  const local = at + offsetAt(at);
  let times = 0;
  data.offsets.forEach(([from, offset], place) => {
    const until = place + 1 < data.offsets.length ? data.offsets[place + 1][0] : Infinity;
    const then = local - offset;
    if ((place === 0 || then >= from) && then < until) times += 1;
  });
  return times > 1;
}

const two = (number) => String(number).padStart(2, "0");

function local(at) {
  return new Date(data.base + at + offsetAt(at));
}

function dayOf(at) {
  const day = local(at);
  return `${two(day.getUTCDate())}/${two(day.getUTCMonth() + 1)}/${String(day.getUTCFullYear()).padStart(4, "0")}`;
}

function clockOf(at) {
  const time = local(at);
  let text = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
  if (shownTwice(at)) {
    const minutes = Math.abs(offsetAt(at)) / 60000;
    text += ` UTC${offsetAt(at) < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  }
  return text;
}

// Day first, as camtool writes and reads it.
const timeOf = (at) => `${dayOf(at)} ${clockOf(at)}`;
const cameraTime = (row, at) => at - row.offset;

function lengthOf(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const outwards = (from, to) =>
  [Math.floor((data.base + from) / 1000) * 1000 - data.base, Math.ceil((data.base + to) / 1000) * 1000 - data.base];

// Whole seconds, outwards, as the command line tells spans.
function between(from, to) {
  [from, to] = outwards(from, to);
  const day = dayOf(from) + " ";
  const end = timeOf(to);
  return `${timeOf(from)} – ${end.startsWith(day) ? end.slice(day.length) : end}`;
}

const named = (row) => `${row.n} · ${row.name}`;

// An event as an object; in the data it is a list, to keep the page small.
function eventOf(row, place) {
  const [id, start, peak, end, score, cause] = row.events[place];
  return { id, start, peak, end, score, cause, row, place };
}

// The first event of a row that starts at or after an instant.
function placeAt(row, at) {
  let low = 0;
  let high = row.events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row.events[middle][1] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The events that reach into [from, to), by start. No event is longer than row.longest.
function eventsIn(row, from, to) {
  const found = [];
  for (let place = placeAt(row, from - row.longest); place < row.events.length; place += 1) {
    if (row.events[place][1] >= to) break;
    if (row.events[place][3] > from) found.push(eventOf(row, place));
  }
  return found;
}

const covers = (spans, at) => spans.find((span) => span[0] <= at && at < span[1]);

// The command for a clip of a camera.
function cutCommand(row, from, to) {
  const [start, end] = outwards(from, to);
  const [day, month, year] = dayOf(start).split("/");
  const name = `cam${row.n}-${year}${month}${day}-${clockOf(start).slice(0, 8).replaceAll(":", "")}.mp4`;
  return `${data.command} cut --camera ${row.n} --from "${timeOf(start)}" --to "${timeOf(end)}" -o ${name}`;
}

const cutOfEvent = (event) => cutCommand(event.row, event.start - data.pad, event.end + data.pad);

for (const row of data.rows) {
  row.longest = row.events.reduce((most, each) => Math.max(most, each[3] - each[1]), 0);
}
