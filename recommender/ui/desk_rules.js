// The rules of curate.py, for what is shown until the server has answered.

// The rows of the list in order: pins at their places, and what is related in the free ones.
function arranged(rows, size) {
  const all = [...rows.values()].filter((row) => !row.hidden);
  const pins = all.filter((row) => row.pin).sort((a, b) => a.pin - b.pin);
  const related = all.filter((row) => !row.pin && !row.blocked && row.band && row.band !== "unrelated");
  const free = related.sort((a, b) => a.at - b.at).slice(0, Math.max(size - pins.length, 0));
  const list = [];
  while (pins.length || free.length) {
    const isDue = pins.length && (pins[0].pin <= list.length + 1 || !free.length);
    list.push((isDue ? pins : free).shift());
  }
  return list;
}

// Pin a row at a place of the list; a pin that stands there makes way, towards where the row was.
function pin({ rows, list }, { piece, place, instead }) {
  const row = rows.get(piece);
  const number = (other) => other.pin || list.indexOf(other) + 1;
  const was = number(row);
  let at = list[place - 1] ? number(list[place - 1]) : place;
  if (instead) Object.assign(rows.get(instead), { pin: 0, hidden: true });
  const pins = [...rows.values()].filter((other) => other.pin && other !== row);
  const there = new Map(pins.map((other) => [other.pin, other]));
  const step = was && was < at && !there.has(was) ? -1 : 1;
  for (let moving = row; moving; at += step) {
    const next = there.get(at);
    there.set(at, moving);
    Object.assign(moving, { pin: at, hidden: false });
    moving = next;
  }
}

const RULES = {
  pin,
  free: ({ rows }, { piece }) => Object.assign(rows.get(piece), { pin: 0 }),
  hide: ({ rows }, { piece, everywhere }) => Object.assign(rows.get(piece), { pin: 0, hidden: true, everywhere }),
  show: ({ rows }, { piece }) => Object.assign(rows.get(piece), { hidden: false, everywhere: false }),
  note: (model, { piece, text }) => Object.assign(piece ? model.rows.get(piece) : model, { note: text }),
  size: (model, { place }) => Object.assign(model, { size: place }),
};

// What the server said last, and on top of that what it has not answered yet. ``added`` are rows that a search found.
function modelOf(data, added, pending) {
  const rows = new Map([...added, ...data.rows].map((row) => [row.id, { ...row }]));
  const model = { rows, size: data.size, note: data.note };
  model.list = data.list.map((piece) => rows.get(piece)).filter(Boolean);
  for (const event of pending.filter((one) => RULES[one.do])) {
    RULES[event.do](model, event);
    model.list = arranged(rows, model.size);
  }
  const rest = [...rows.values()].filter((row) => !model.list.includes(row)).sort((a, b) => a.at - b.at);
  model.more = rest.filter((row) => !row.hidden && row.at < Infinity);
  model.hidden = rest.filter((row) => row.hidden);
  model.order = [...model.list, ...model.more, ...model.hidden];
  return model;
}
