// The list of an essay: drawn at once as a key, a click or a drag will have it, and again as the server says that it is.
// What it uses stands in desk_rules.js, desk_draw.js and desk_ask.js; the page joins them.

const TYPING = "input, textarea, select, [contenteditable], dialog, [role=radiogroup], [role=listbox], [role=dialog]";
const NARROW = 760; // pixels; below that there is no room beside the list
const AGAIN = 4000; // milliseconds until what was not answered is sent again
const KEYS = {
  J: "next", ArrowDown: "next", K: "previous", ArrowUp: "previous", P: "pin", U: "free", X: "hide",
  "Shift+X": "hide_everywhere", "Alt+ArrowUp": "up", "Alt+ArrowDown": "down", R: "replace", A: "add", "/": "add",
  N: "note", "Shift+N": "list_note", Z: "undo", "Ctrl+Z": "undo", "Shift+Z": "redo", "Ctrl+Shift+Z": "redo", Y: "redo",
  "Ctrl+Y": "redo", "+": "longer", "=": "longer", "-": "shorter", Enter: "publish", S: "after", "Shift+S": "before",
  Q: "queue", O: "read",
};
// What those may do who may not edit.
const LOOKING = ["next", "previous", "after", "before", "queue", "read"];

class Desk {
  added = []; // rows that a search found, until the server has them
  pending = []; // events that the server has not answered: it gets all of them each time, and does each once
  last = 0; // the number of the last event
  isLeaving = false; // to another essay
  keysOn = localStorage.getItem("desk-keys") !== "off";
  showFound = () => {};

  constructor(parent) {
    this.body = element("div", { className: "desk-body" });
    this.said = element("p", { className: "desk-said", role: "status" });
    this.dialog = element("dialog", { className: "desk-dialog", onclose: () => this.focusRow() });
    this.root = element("div", { className: "desk" }, [this.body, this.said, this.dialog]);
    parent.append(this.root);
    new ResizeObserver(() => this.isNarrow !== (this.root.clientWidth < NARROW) && this.draw()).observe(this.root);
  }

  update(data, emit) {
    const before = this.data?.essay;
    const isOther = before !== data.essay;
    this.last = Math.max(this.last, data.done);
    this.pending = this.pending.filter((event) => event.n > data.done && event.essay === data.essay);
    if (!this.pending.length) this.added = [];
    if (!before) this.saidLast = data.done;
    if (isOther) this.focus = data.list[0] ?? data.rows[0]?.id;
    if (isOther || !this.pending.length) this.isLeaving = false;
    Object.assign(this, { data, emit });
    if (isOther || !data.mayEdit) this.said.replaceChildren();
    this.draw();
    this.sayLast();
    if (data.found) this.showFound(data.found);
    if (isOther && before) this.root.scrollIntoView();
  }

  send(event) {
    this.last += 1;
    this.touched = event.piece;
    this.pending.push({ n: this.last, essay: this.data.essay, ...event });
    this.sendAgain();
    this.draw();
  }

  // Send all that is not answered, now and until it is: a run that another cut short may have taken it along.
  sendAgain() {
    clearTimeout(this.waiting);
    if (!this.pending.length || !this.root.isConnected) return;
    this.emit([...this.pending]);
    this.waiting = setTimeout(() => this.sendAgain(), AGAIN);
  }

  // The row in focus, and its place in the list from 1, 0 if it is not listed.
  get row() {
    return this.model.rows.get(this.focus);
  }

  get place() {
    return this.model.list.indexOf(this.row) + 1;
  }

  // What is done with the row in focus.
  ofRow = {
    pin: (row) => {
      const { place, model } = this;
      if (!place) this.stay(() => this.put(row.id, Math.min(model.list.length + 1, model.size)));
      else if (!row.pin) this.put(row.id, place);
      if (place && place < this.model.list.length) this.step(1);
    },
    free: (row) => row.pin && this.send({ do: "free", piece: row.id }),
    hide: (row) => this.stay(() => this.send({ do: row.hidden ? "show" : "hide", piece: row.id })),
    hide_everywhere: (row) => {
      if (!row.hidden) askToHide(this, row);
      else this.stay(() => this.send({ do: "show", piece: row.id, everywhere: true }));
    },
    up: (row) => (this.place ? this.place > 1 && this.put(row.id, this.place - 1) : this.ofRow.pin(row)),
    down: (row) => this.place && this.place < this.model.list.length && this.put(row.id, this.place + 1),
    top: (row) => this.put(row.id, 1),
    replace: (row) => this.place && askForPiece(this, row),
    note: (row) => askForNote(this, row),
    read: (row) => window.open(address(row.id), "_blank", "noopener"),
  };

  ofList = {
    next: () => this.step(1),
    previous: () => this.step(-1),
    add: () => askForPiece(this),
    list_note: () => askForNote(this),
    undo: () => (this.data.mayUndo || this.pending.length) && this.send({ do: "undo" }),
    redo: () => this.data.mayRedo && this.send({ do: "redo" }),
    longer: () => this.send({ do: "size", place: this.model.size + 1 }),
    shorter: () => this.model.size > 1 && this.send({ do: "size", place: this.model.size - 1 }),
    publish: () => this.leave({ do: "publish" }),
    after: () => this.data.stand.after && this.leave({ do: "open", to: this.data.stand.after }),
    before: () => this.data.stand.before && this.leave({ do: "open", to: this.data.stand.before }),
    queue: () => this.leave({ do: "open", to: "" }),
  };

  may(name) {
    return !this.isLeaving && (this.data.mayEdit || LOOKING.includes(name));
  }

  do(name, piece) {
    if (piece) this.focus = piece;
    if (!this.may(name)) return;
    if (!this.ofRow[name]) this.ofList[name]();
    else if (this.row) this.ofRow[name](this.row);
    this.draw();
    if (!this.dialog.open) this.focusRow();
  }

  put(piece, place, more = {}) {
    this.focus = piece;
    this.send({ do: "pin", piece, place, ...more });
  }

  // Do what takes the row in focus away; then what comes in its place is in focus.
  stay(act) {
    const at = this.model.order.indexOf(this.row);
    act();
    this.focus = this.model.order[Math.min(at, this.model.order.length - 1)]?.id;
    this.draw();
  }

  step(by) {
    const { order } = this.model;
    this.focus = order[Math.max(0, Math.min(order.indexOf(this.row) + by, order.length - 1))]?.id;
  }

  to(piece) {
    this.focus = piece;
    this.draw();
    this.focusRow();
  }

  // Another essay comes: keys that are pressed until then are not for this one.
  leave(event) {
    this.isLeaving = true;
    this.send(event);
  }

  // What was dragged by its handle was dropped at a place of the list, or nowhere.
  drop(place) {
    const piece = this.dragged;
    this.dragged = "";
    if (piece && place && this.may("pin")) this.put(piece, place);
    this.draw();
  }

  press(event) {
    const { key, target } = event;
    if (!this.keysOn || event.isComposing || target.closest?.(TYPING)) return;
    if (key === "Enter" && target.closest?.("button, a, summary")) return;
    const isSign = key.length === 1 && key.toUpperCase() === key.toLowerCase(); // it may take Shift to type it
    const held = [event.ctrlKey || event.metaKey, event.altKey, event.shiftKey && !isSign];
    const name = [...["Ctrl", "Alt", "Shift"].filter((_, at) => held[at]), key.length > 1 ? key : key.toUpperCase()].join("+");
    const rank = /^[0-9]$/.test(name) && (Number(name) || 10);
    if (!rank && !Object.hasOwn(KEYS, name)) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // Streamlit has keys of its own
    if (!rank) this.do(KEYS[name]);
    else if (this.row && this.may("pin")) {
      this.put(this.focus, rank);
      this.focusRow();
    }
  }

  turnKeys() {
    this.keysOn = !this.keysOn;
    localStorage.setItem("desk-keys", this.keysOn ? "on" : "off");
    this.draw();
  }

  focusRow() {
    const row = [...this.body.querySelectorAll(".desk-row")].find((node) => node.dataset.piece === this.focus);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  // Say what was done last, once. A piece that came back by an undo is in focus then.
  sayLast() {
    const { said, essay, labels, mayEdit } = this.data;
    if (!said || said.n <= this.saidLast) return;
    this.saidLast = said.n;
    const isHere = said.essay === essay;
    if (isHere && this.model.rows.has(said.piece)) this.to(said.piece);
    const back = element("button", { type: "button", textContent: labels.back });
    back.onclick = () => this.leave({ do: "open", to: said.essay });
    const way = isHere ? mayEdit && button(this, said.back) : back;
    this.said.replaceChildren(element("span", { textContent: said.text }), ...(way ? [way] : []));
  }

  draw() {
    if (this.dragged) return; // what is dragged must stay
    const active = document.activeElement;
    const had = this.body.contains(active) && { piece: active.dataset.piece, act: active.dataset.act, of: active.dataset.of };
    this.isNarrow = this.root.clientWidth < NARROW;
    this.model = modelOf(this.data, this.added, this.pending);
    if (!this.row) this.focus = this.model.order[0]?.id;
    this.body.replaceChildren(head(this), legend(this), columns(this));
    this.body.lang = this.data.lang;
    this.body.ariaBusy = String(this.isLeaving);
    if (!had || this.dialog.open) return;
    const same = [...this.body.querySelectorAll("[data-act]")].find((node) => node.dataset.act === had.act && node.dataset.of === had.of);
    if (had.act && same && !same.disabled) same.focus({ preventScroll: true });
    else this.focusRow();
  }
}

const desks = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const desk = desks.get(parentElement) ?? new Desk(parentElement);
  desks.set(parentElement, desk);
  desk.update(data, (events) => setTriggerValue("events", events));
  const press = (event) => desk.press(event);
  window.addEventListener("keydown", press, true);
  return () => window.removeEventListener("keydown", press, true);
}
