// What a person does: wheel, drag, keys, buttons, hovering, copying.
const tip = byId("tip");
const status = byId("status");
const command = byId("command");
let pending = 0;
let listing = 0;

function redraw() {
  if (!pending) pending = requestAnimationFrame(() => {
    pending = 0;
    draw();
  });
  clearTimeout(listing);
  listing = setTimeout(lists, 150);
}

function lists() {
  listBest();
  listWrong();
}

// The window asked for may be left by half its length, so that one sees that it ends there.
function show(from, to) {
  const least = data.window[0] - LENGTH / 2;
  const most = data.window[1] + LENGTH / 2;
  const length = Math.min(most - least, Math.max(CLOSEST_MS, to - from));
  view.from = Math.min(Math.max(from, least), most - length);
  view.to = view.from + length;
  redraw();
}

function zoom(factor, at) {
  const length = Math.min(LENGTH * 2, Math.max(CLOSEST_MS, (view.to - view.from) * factor));
  const share = (at - view.from) / (view.to - view.from);
  show(at - share * length, at + (1 - share) * length);
}

const pan = (share) => {
  const by = share * (view.to - view.from);
  show(view.from + by, view.to + by);
};

const middle = () => (focus ? Math.min(view.to, Math.max(view.from, focus.peak)) : (view.from + view.to) / 2);

// ---- copying --------------------------------------------------------------------------------------------------

// From a file on the disk the clipboard may be closed to pages; then the older way; then the text is only marked.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const before = document.activeElement;
    command.focus();
    command.select();
    const done = document.execCommand("copy");
    if (done && before && before !== document.body) before.focus();
    return done;
  }
}

async function copy(text, told) {
  command.value = text;
  if (await copied(text)) {
    status.textContent = filled(words.copied, { what: told });
    if (document.activeElement !== command) command.setSelectionRange(0, 0);
  } else {
    command.focus();
    command.select();
    status.textContent = words.not_copied;
  }
}

function offer(text, told) {
  command.value = text;
  status.textContent = told;
}

// ---- what lies under the pointer ------------------------------------------------------------------------------

function under(mouse) {
  const box = marks.getBoundingClientRect();
  const x = mouse.clientX - box.left;
  const row = data.rows[Math.floor((mouse.clientY - box.top) / (box.height / data.rows.length))];
  if (!row || x < 0 || x > box.width) return null;
  const at = atOf((x / box.width) * widthPx());
  const near = ((view.to - view.from) / widthPx()) * 4;
  const events = eventsIn(row, at - near, at + near).filter((each) => each.start - near <= at && at <= each.end + near);
  events.sort((a, b) => b.score - a.score);
  return { row, at, event: events[0] || null, lead: data.leads.find((lead) => lead.camera === row.n && lead.from <= at && at < lead.to) };
}

function stateAt(row, at) {
  const broken = row.damaged.find((span) => span[0] <= at && at <= Math.max(span[1], span[0] + 1));
  if (broken) return `${broken[2]}: ${broken[3]}`;
  if (!covers(row.covered, at)) return at < data.window[0] || at >= data.window[1] ? words.not_asked : words.gap;
  return covers(row.unseen, at) ? words.unseen : words.covered;
}

function clockLines(row, at) {
  const own = row.observed ? filled(words.camera_clock, { time: timeOf(cameraTime(row, at)) }) : words.unchecked;
  return [filled(words.true_clock, { time: timeOf(at) }), own];
}

function hover(mouse) {
  const found = under(mouse);
  plot.classList.toggle("aimed", Boolean(found && found.event));
  if (!found) return void (tip.hidden = true);
  const { row, at, event, lead } = found;
  const lines = event
    ? [element("b", toldOf(event)), ...clockLines(row, event.peak).map((line) => element("span", line)),
      element("span", filled(words.lasts, { length: lengthOf(event.end - event.start) }))]
    : [element("b", named(row)), ...clockLines(row, at).map((line) => element("span", line)),
      element("span", stateAt(row, at))];
  if (lead) lines.push(element("span", `${lead.label} · ${lead.found}`));
  const kept = event && picture(event);
  if (kept) lines.push(kept);
  tip.replaceChildren(...lines);
  tip.hidden = false;
  place(mouse);
}

function place(mouse) {
  const box = plot.getBoundingClientRect();
  const x = mouse.clientX - box.left;
  const y = mouse.clientY - box.top;
  const left = x + 16 + tip.offsetWidth > box.width ? x - 16 - tip.offsetWidth : x + 16;
  const roomBelow = y + 16 + tip.offsetHeight < box.height;
  tip.style.left = `${Math.max(4, Math.min(left, box.width - tip.offsetWidth - 4))}px`;
  tip.style.top = `${roomBelow ? y + 16 : Math.max(4, y - 16 - tip.offsetHeight)}px`;
}

// ---- pointer --------------------------------------------------------------------------------------------------

let drag = null;

plot.addEventListener("wheel", (wheel) => {
  wheel.preventDefault();
  const across = wheel.shiftKey ? wheel.deltaY || wheel.deltaX : wheel.deltaX;
  if (wheel.shiftKey || Math.abs(wheel.deltaX) > Math.abs(wheel.deltaY)) return pan(across / widthPx());
  const x = wheel.clientX - marks.getBoundingClientRect().left;
  zoom(Math.exp(Math.max(-1, Math.min(1, wheel.deltaY / 400))), atOf(x));
}, { passive: false });

plot.addEventListener("pointerdown", (press) => {
  if (press.button !== 0) return;
  plot.setPointerCapture(press.pointerId);
  const found = under(press);
  drag = { x: press.clientX, from: view.from, to: view.to, moved: false, choose: press.shiftKey && found ? found : null };
});

plot.addEventListener("pointermove", (move) => {
  if (!drag) return hover(move);
  const by = move.clientX - drag.x;
  if (!drag.moved && Math.abs(by) < 4) return;
  drag.moved = true;
  tip.hidden = true;
  if (drag.choose) {
    const at = atOf(move.clientX - marks.getBoundingClientRect().left);
    return choose(drag.choose.row, Math.min(drag.choose.at, at), Math.max(drag.choose.at, at));
  }
  plot.classList.add("dragging");
  const shift = (by / widthPx()) * (drag.to - drag.from);
  show(drag.from - shift, drag.to - shift);
});

plot.addEventListener("pointerup", (release) => {
  plot.classList.remove("dragging");
  const done = drag;
  drag = null;
  if (!done) return;
  if (done.choose && done.moved) return void copyChosen();
  if (!done.moved) click(release);
});
plot.addEventListener("pointercancel", () => { drag = null; });
plot.addEventListener("pointerleave", (left) => { if (left.pointerType !== "touch") tip.hidden = true; });

function click(mouse) {
  const found = under(mouse);
  if (!found) return;
  hereRow = found.row;
  focus = found.event;
  redraw();
  if (mouse.pointerType === "touch") hover(mouse); // a finger does not hover: it is shown until it taps elsewhere
  if (focus) return void copy(cutOfEvent(focus), toldOf(focus));
  if (!covers(found.row.covered, found.at)) return offer("", `${named(found.row)} · ${timeOf(found.at)} · ${stateAt(found.row, found.at)}`);
  const half = 30000;
  copy(cutCommand(found.row, found.at - half, found.at + half), filled(words.minute, { camera: named(found.row), time: timeOf(found.at) }));
}

// ---- choosing a window ----------------------------------------------------------------------------------------

function choose(row, from, to) {
  Object.assign(chosen, { row, from, to });
  hereRow = row;
  offer(cutCommand(row, from, to), filled(words.chosen, { camera: named(row), span: between(from, to) }));
  redraw();
}

const copyChosen = () =>
  copy(cutCommand(chosen.row, chosen.from, chosen.to), filled(words.chosen, { camera: named(chosen.row), span: between(chosen.from, chosen.to) }));

function chooseEnd(first) {
  if (!focus) return;
  const same = chosen.row === focus.row;
  if (first) choose(focus.row, focus.start, same && chosen.to > focus.start ? chosen.to : focus.end);
  else choose(focus.row, same && chosen.from < focus.end ? chosen.from : focus.start, focus.end);
}

// ---- keys -----------------------------------------------------------------------------------------------------

function go(event) {
  focus = event;
  hereRow = event.row;
  const length = view.to - view.from;
  if (event.peak < view.from || event.peak > view.to) show(event.peak - length / 2, event.peak + length / 2);
  offer(cutOfEvent(event), [toldOf(event), ...clockLines(event.row, event.peak)].join(" · "));
  redraw();
}

function step(by) {
  if (!hereRow) return;
  const place = focus && focus.row === hereRow ? focus.place + by : by > 0 ? placeAt(hereRow, view.from) : placeAt(hereRow, view.to) - 1;
  if (place >= 0 && place < hereRow.events.length) go(eventOf(hereRow, place));
  else offer("", filled(words.no_more, { camera: named(hereRow) }));
}

// To another camera: the event nearest in time to where one was.
function climb(by) {
  const place = data.rows.indexOf(hereRow) + by;
  if (place < 0 || place >= data.rows.length) return;
  const at = focus ? focus.peak : (view.from + view.to) / 2;
  hereRow = data.rows[place];
  const after = placeAt(hereRow, at);
  const near = [after - 1, after].filter((each) => each >= 0 && each < hereRow.events.length).map((each) => eventOf(hereRow, each));
  near.sort((a, b) => Math.abs(a.peak - at) - Math.abs(b.peak - at));
  if (near.length) return go(near[0]);
  focus = null;
  offer("", `${named(hereRow)} · ${words.no_events}`);
  redraw();
}

function clear() {
  chosen.row = null;
  focus = null;
  offer("", words.start);
  redraw();
}

const whole = () => show(...data.window);
const ends = (place) => hereRow && hereRow.events.length && go(eventOf(hereRow, place < 0 ? hereRow.events.length - 1 : 0));

const KEYS = {
  ArrowRight: () => step(1), ArrowLeft: () => step(-1), ArrowDown: () => climb(1), ArrowUp: () => climb(-1),
  Home: () => ends(0), End: () => ends(-1), PageDown: () => pan(0.5), PageUp: () => pan(-0.5),
  "+": () => zoom(0.5, middle()), "=": () => zoom(0.5, middle()), "-": () => zoom(2, middle()), 0: whole,
  "[": () => chooseEnd(true), "]": () => chooseEnd(false), Escape: clear,
  Enter: () => (chosen.row ? copyChosen() : focus && copy(cutOfEvent(focus), toldOf(focus))),
};

plot.addEventListener("keydown", (key) => {
  if (key.ctrlKey || key.metaKey || key.altKey || !(key.key in KEYS)) return;
  key.preventDefault();
  tip.hidden = true;
  KEYS[key.key]();
});

// ---- the page -------------------------------------------------------------------------------------------------

function tools() {
  const button = (text, label, does) => {
    const made = element("button", text);
    made.type = "button";
    made.setAttribute("aria-label", label);
    made.title = label;
    made.addEventListener("click", does);
    return made;
  };
  byId("tools").setAttribute("aria-label", words.tools);
  byId("tools").append(
    button("+", words.closer, () => zoom(0.5, middle())), button("−", words.wider, () => zoom(2, middle())),
    button("◀", words.earlier, () => pan(-0.5)), button("▶", words.later, () => pan(0.5)),
    button(words.whole, words.whole, whole), button(words.print, words.print, () => print()), element("span"),
  );
  byId("tools").lastChild.id = "shown";
}

document.documentElement.style.setProperty("--rows", data.rows.length);
wordsOnPage();
tools();
nameRows();
byId("copy").addEventListener("click", () => command.value && copy(command.value, command.value));
addEventListener("resize", redraw);
["focus", "blur"].forEach((change) => plot.addEventListener(change, redraw));
addEventListener("beforeprint", () => { draw(); lists(); });
draw();
legend();
lists();
listLeads();
offer("", words.start);
document.body.dataset.ready = "yes";
