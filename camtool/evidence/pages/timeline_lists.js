// The words around the picture: names, legend, lists. All of it is text.
const MOST_LISTED = 20;
const MOST_MISSING = 10; // a camera

function clocks(row, from, to) {
  const cell = element("td", between(from, to), "when");
  const own = filled(words.camera_clock, { time: between(cameraTime(row, from), cameraTime(row, to)) });
  cell.append(element("span", row.observed ? own : words.unchecked, "clock"));
  return cell;
}

function listOf(home, title, headings, rows, note) {
  // On a phone a row is no row but a few lines, and each value says itself what it is.
  rows.forEach((row) => headings.forEach((heading, place) => { row.cells[place].dataset.says = heading; }));
  const table = element("table");
  const head = element("tr");
  headings.forEach((heading) => head.append(element("th", heading, heading ? "" : "do")));
  const top = element("thead");
  top.append(head);
  const body = element("tbody");
  body.append(...rows);
  table.append(top, body);
  home.replaceChildren(element("h2", title), ...(note ? [element("p", note)] : []), ...(rows.length ? [table] : []));
}

function rowWith(...cells) {
  const row = element("tr");
  row.append(...cells);
  return row;
}

function doing(text, label, command, told) {
  const cell = element("td", undefined, "do");
  const button = element("button", text);
  button.type = "button";
  button.setAttribute("aria-label", label);
  button.addEventListener("click", () => copy(command, told));
  cell.append(button);
  return cell;
}

function picture(event) {
  const kept = data.thumbs[event.id];
  if (!kept) return null;
  const made = element("img");
  made.src = `data:image/jpeg;base64,${kept}`;
  made.alt = filled(words.picture_of, { event: event.id });
  return made;
}

// Only what our own scale cannot show: each event in words.
const toldOf = (event) =>
  filled(words.event, {
    event: event.id, camera: named(event.row), cause: words.causes[event.cause], score: event.score.toFixed(1),
  });

// Where an event is followed, only what lies in the windows, and the event itself.
function followed(event) {
  if (!data.origin || event.id === data.origin.event) return true;
  return data.leads.some((lead) => lead.camera === event.row.n && lead.from < event.end && event.start < lead.to);
}

function listBest() {
  const inView = data.rows.flatMap((row) => eventsIn(row, view.from, view.to)).filter(followed);
  const best = inView.sort((a, b) => b.score - a.score).slice(0, MOST_LISTED)
    .sort((a, b) => a.start - b.start || a.end - b.end); // as the list's times read
  const pictures = best.some((event) => data.thumbs[event.id]);
  const rows = best.map((event) => {
    const cells = [element("td", event.id), element("td", named(event.row), "name"), clocks(event.row, event.start, event.end),
      element("td", event.score.toFixed(1)), element("td", words.causes[event.cause])];
    if (pictures) {
      const cell = element("td", undefined, "seen");
      const kept = picture(event);
      if (kept) cell.append(kept);
      cells.push(cell);
    }
    cells.push(doing(words.copy_cut, `${words.copy_cut}: ${toldOf(event)}`, cutOfEvent(event), toldOf(event)));
    return rowWith(...cells);
  });
  const headings = [words.number, words.camera, words.true_time, words.score, words.looks_like];
  const title = filled(data.origin ? words.best_followed : words.best, { listed: best.length, count: inView.length });
  listOf(byId("best"), title, [...headings, ...(pictures ? [words.picture] : []), ""], rows);
}

function listWrong() {
  const rows = [];
  let left = 0;
  for (const row of data.rows) {
    const gaps = row.gaps.map(([from, to]) => [from, to, words.gap, ""]);
    const all = [...gaps, ...row.damaged].filter(([from, to]) => to >= view.from && from <= view.to);
    all.sort((a, b) => a[0] - b[0]);
    left += Math.max(0, all.length - MOST_MISSING);
    for (const [from, to, what, path] of all.slice(0, MOST_MISSING)) {
      rows.push(rowWith(element("td", named(row), "name"), clocks(row, from, to), element("td", lengthOf(to - from)),
        element("td", what), element("td", path, "path")));
    }
  }
  const headings = [words.camera, words.true_time, words.length, words.state, words.file];
  const note = rows.length ? (left ? filled(words.and_more, { count: left }) : "") : words.nothing_wrong;
  listOf(byId("wrong"), words.wrong, headings, rows, note);
  byId("wrong").append(...data.notes.map((each) => element("p", each)));
}

function listLeads() {
  if (!data.origin) return;
  byId("leads").hidden = false;
  const rows = data.leads.map((lead) => {
    const row = rowOf(lead.camera);
    const cells = [element("td", lead.label), element("td", named(row), "name"), clocks(row, lead.from, lead.to),
      element("td", lead.way), element("td", lead.found)];
    const about = `${lead.does}: ${named(row)}`;
    cells.push(lead.command ? doing(lead.does, about, lead.command, about) : element("td", "", "do"));
    return rowWith(...cells);
  });
  listOf(byId("leads"), words.leads, [words.rank, words.camera, words.true_time, words.way, words.found, ""], rows);
}

function nameRows() {
  byId("names").replaceChildren(...data.rows.map((row) => {
    const name = element("div");
    const first = element("b", named(row));
    name.title = [named(row), row.place, row.clock].filter(Boolean).join("\n");
    name.append(first, ...(row.place ? [element("small", row.place)] : []), element("small", row.clock));
    return name;
  }));
}

function legend() {
  const swatch = (fill, text) => {
    const drawn = shape("svg", { width: 26, height: 14, "aria-hidden": "true" }, [
      shape("rect", { width: 26, height: 14, fill }),
    ]);
    const one = element("span");
    one.append(drawn, text);
    return one;
  };
  const shown = [swatch("#3f9562", words.covered), swatch("url(#gap)", words.gap), swatch("url(#damaged)", words.damaged),
    swatch("url(#unseen)", words.unseen), swatch(COLOURS.object, words.causes.object),
    swatch(COLOURS.unsure, words.causes.unsure)];
  if (data.every_cause) shown.push(swatch(COLOURS.other, words.other_causes));
  shown.push(element("span", words.higher));
  if (data.origin) shown.push(element("span", `★ ${words.from_here}`), element("span", `1, 2 … ${words.windows}`));
  byId("legend").replaceChildren(...shown);
}

function wordsOnPage() {
  document.title = data.title;
  byId("title").textContent = data.title;
  byId("asked").textContent = filled(words.asked, { span: between(...data.window), zone: data.zone });
  byId("caution").textContent = words.caution || "";
  byId("caution").hidden = !words.caution;
  byId("made").textContent = data.made;
  byId("copy").textContent = words.copy;
  byId("command").setAttribute("aria-label", words.command);
  plot.setAttribute("aria-label", words.plot);
  byId("help").querySelector("summary").textContent = words.help;
  byId("help").querySelector("ul").replaceChildren(...data.keys.map(([keys, does]) => {
    const line = element("li");
    keys.forEach((key, place) => line.append(...(place ? [" "] : []), element("kbd", key)));
    line.append(` ${does}`);
    return line;
  }));
}
