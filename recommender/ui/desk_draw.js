// How the desk looks: elements made of a model and of the desk, whose ``do`` is called for what is clicked.

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const address = (piece) => `?view=read&article=${encodeURIComponent(piece)}`;

function element(tag, properties = {}, children = []) {
  const { data = {}, ...own } = properties;
  const node = Object.assign(document.createElement(tag), own);
  Object.assign(node.dataset, data);
  node.append(...children.filter(Boolean));
  return node;
}

// A button that does something, with the key that does the same.
function button(desk, name, { piece = "", label = desk.data.labels[name], className = "", disabled = false } = {}) {
  const keys = Object.keys(KEYS).filter((key) => KEYS[key] === name);
  const shown = keys.length ? element("kbd", { textContent: keyName(keys[0], desk.data.labels), ariaHidden: "true" }) : "";
  const node = element("button", { type: "button", className, disabled, data: { act: name, of: piece } }, [label, shown]);
  node.title = keys.length ? `${label} (${keyName(keys[0], desk.data.labels)})` : label;
  if (keys.length) node.setAttribute("aria-keyshortcuts", keys.join(" ").replaceAll("Ctrl", "Control"));
  node.onclick = () => desk.do(name, piece);
  return node;
}

function keyName(key, labels) {
  const names = { Enter: labels.enter, ArrowUp: "↑", ArrowDown: "↓", "-": "−" };
  return key.split(/(?<=.)\+(?=.)/).map((part) => names[part] ?? part.replace("Shift", "⇧")).join("").replace("Alt", "Alt ");
}

function head(desk) {
  const { labels, stand, title, facts, state } = desk.data;
  const where = stand.n ? filled(labels.stand, stand) : filled(labels.stand_none, stand);
  return element("header", { className: "desk-head" }, [
    element("nav", {}, [
      button(desk, "queue", { className: "quiet" }),
      element("span", { className: "desk-stand", textContent: where }),
      button(desk, "before", { className: "quiet", disabled: !stand.before }),
      button(desk, "after", { className: "quiet", disabled: !stand.after }),
    ]),
    element("h2", { textContent: title }),
    element("p", { className: "desk-facts" }, [
      element("span", { className: `tag state ${state}`, textContent: facts[0] }),
      ...facts.slice(1).map((fact) => element("span", { textContent: fact })),
      element("a", { href: address(desk.data.essay), target: "_blank", rel: "noopener", textContent: `${labels.read} ↗` }),
    ]),
    desk.data.mayEdit && tools(desk),
  ]);
}

function tools(desk) {
  const { labels, mayUndo, mayRedo } = desk.data;
  const { size, note } = desk.model;
  return element("div", { className: "desk-tools" }, [
    button(desk, "publish", { className: "main" }),
    button(desk, "undo", { disabled: !mayUndo && !desk.pending.length }),
    button(desk, "redo", { disabled: !mayRedo }),
    button(desk, "add"),
    element("span", { className: "desk-size" }, [
      small(desk, "shorter", "−", { disabled: size <= 1 }),
      element("span", { textContent: filled(labels.size, { n: size }) }),
      small(desk, "longer", "+"),
    ]),
    button(desk, "list_note", { className: note ? "has" : "" }),
  ]);
}

// A button of one sign, whose name is said to those who do not see it.
function small(desk, name, sign, options = {}) {
  const node = button(desk, name, options);
  node.ariaLabel = desk.data.labels[name];
  node.classList.add("small");
  node.replaceChildren(sign);
  return node;
}

function legend(desk) {
  const { labels, mayEdit } = desk.data;
  const name = (key) => keyName(key, labels);
  const pairs = [
    [["J", "K"], labels.key_move],
    ...(mayEdit
      ? [
          [["P"], labels.pin],
          [["U"], labels.free],
          [["X"], labels.hide],
          [["Shift+X"], labels.hide_everywhere],
          [["1", "…", "9", "0"], labels.key_rank],
          [["Alt+ArrowUp", "Alt+ArrowDown"], labels.key_reorder],
          [["R"], labels.replace],
          [["A"], labels.add],
          [["N"], labels.note],
          [["Z"], labels.undo],
          [["Shift+Z"], labels.redo],
          [["+", "-"], labels.key_size],
          [["Enter"], labels.key_publish],
        ]
      : []),
    [["S"], labels.key_skip],
    [["Q"], labels.queue.replace("← ", "")],
  ];
  const items = pairs.map(([keys, text]) =>
    element("span", {}, [...keys.map((key) => (key === "…" ? "…" : element("kbd", { textContent: name(key) }))), ` ${text}`]),
  );
  const toggle = element("button", { type: "button", className: "quiet", data: { act: "keys" } });
  toggle.textContent = desk.keysOn ? labels.keys_off : labels.keys_on;
  toggle.onclick = () => desk.turnKeys();
  return element("p", { className: "desk-keys" }, [...(desk.keysOn ? items : []), toggle]);
}

function columns(desk) {
  const { labels, lost } = desk.data;
  const { list, more, hidden } = desk.model;
  const part = (name, rows, first) => [
    element("h3", { textContent: labels[name] }),
    element("ol", { className: `desk-${name}` }, rows.map((row, at) => rowOf(desk, row, first && first + at))),
  ];
  const left = element("section", { className: "desk-left" }, [
    ...part("list", list, 1),
    !list.length && element("p", { textContent: labels.none_listed }),
    lost.length && element("p", { className: "desk-lost", textContent: `${labels.lost} ${lost.join(", ")}` }),
    ...(more.length ? part("more", more) : []),
    ...(hidden.length ? part("hidden", hidden) : []),
  ]);
  return element("div", { className: "desk-columns" + (desk.isNarrow ? " narrow" : "") }, [left, beside(desk)]);
}

function rowOf(desk, row, place) {
  const { labels, mayEdit } = desk.data;
  const isFocus = row.id === desk.focus;
  const kinds = ["desk-row", isFocus && "focus", row.pin && "pinned", row.band === "unrelated" && "unrelated", row.hidden && "gone", row.id === desk.touched && "touched"];
  const node = element("li", { className: kinds.filter(Boolean).join(" "), tabIndex: isFocus ? 0 : -1, data: { piece: row.id } }, [
    mayEdit && !row.hidden && grip(desk, row),
    element("span", { className: "rank", textContent: place || "·" }),
    element("div", { className: "desk-what" }, [
      element("h4", { textContent: row.title }),
      facts(desk, row),
      row.note && element("p", { className: "desk-note", textContent: filled(labels.note_is, { text: row.note }) }),
      isFocus && element("div", { className: "desk-acts" }, acts(desk, row, place)),
      isFocus && desk.isNarrow && reasonsInRow(desk, row),
    ]),
    mayEdit && !isFocus && element("div", { className: "desk-quick" }, acts(desk, row, place).slice(0, 2)),
  ]);
  if (isFocus) node.setAttribute("aria-current", "true");
  node.onclick = (event) => {
    if (!event.target.closest("button, a, details")) desk.to(row.id);
  };
  if (place) takeDrops(desk, node, place);
  return node;
}

// What can be done with a row; the first two are always at hand.
function acts(desk, row, place) {
  const { labels, mayEdit } = desk.data;
  const of = { piece: row.id };
  const read = element("a", { href: address(row.id), target: "_blank", rel: "noopener", textContent: `${labels.read} ↗` });
  if (!mayEdit) return [read];
  if (row.hidden) {
    return [button(desk, "hide", { ...of, label: labels.show }), row.everywhere && button(desk, "hide_everywhere", { ...of, label: labels.show_everywhere }), read];
  }
  const put = row.pin ? button(desk, "free", of) : button(desk, "pin", place ? of : { ...of, label: labels.take });
  const signs = place ? [["top", "⤒"], ["up", "↑"], ["down", "↓"]].map(([name, sign]) => small(desk, name, sign, of)) : [];
  const order = place ? [...signs, button(desk, "replace", of)] : [];
  return [put, button(desk, "hide", of), ...order, button(desk, "note", of), button(desk, "hide_everywhere", of), read];
}

function facts(desk, row) {
  const { labels } = desk.data;
  const tags = [row.pin && labels.pinned, row.hidden && row.everywhere && labels.everywhere, !row.hidden && row.blocked && labels.blocked];
  return element("p", { className: "card-facts" }, [
    row.band && band(row, true),
    row.why && element("span", { className: "because", textContent: row.why }),
    ...tags.filter(Boolean).map((text) => element("span", { className: "tag own", textContent: text })),
    ...(row.tags ?? []).map((text) => element("span", { className: "tag", textContent: text })),
    row.about && element("span", { className: "score", textContent: row.about }),
  ]);
}

// How close a piece is: a bar, a word and a figure.
function band({ band, word, closeness }, isWhole) {
  const bar = element("i");
  bar.style.width = `${Math.max(0, Math.min(closeness, 1)) * 100}%`;
  return element("span", { className: `related ${band}` }, [
    isWhole && element("span", { className: "bar" }, [bar]),
    element("b", { textContent: word }),
    isWhole && element("span", { className: "score", textContent: closeness.toFixed(2) }),
  ]);
}

// Beside the list: why the row in focus is there, what the page lists, and what readers get.
function beside(desk) {
  const { labels, page, published } = desk.data;
  const row = desk.row;
  const isShared = published || page.length;
  return element("aside", { className: "desk-beside" + (isShared ? " shared" : "") }, [
    ...(desk.isNarrow || !row ? [] : [element("h3", { textContent: labels.reasons }), element("h4", { textContent: row.title }), reasons(desk, row)]),
    ...(published ? seen(desk, "published", published) : []),
    ...(page.length ? seen(desk, "page", page) : []),
  ]);
}

function reasons(desk, row) {
  const node = element("div", { className: "desk-reasons" });
  if (row.reasons) node.innerHTML = row.reasons; // made and escaped as that of the other views
  else node.textContent = desk.data.labels.no_reasons;
  return node;
}

function reasonsInRow(desk, row) {
  const node = element("details", { open: desk.showsReasons }, [
    element("summary", { textContent: desk.data.labels.why }),
    reasons(desk, row),
  ]);
  // What was opened stays open when the list is drawn anew, as it is whenever the server answers.
  node.ontoggle = () => (desk.showsReasons = node.open);
  return node;
}

// A list that is there already, and what becomes of each of its pieces by the list as it is drawn.
function seen(desk, name, pieces) {
  const { labels } = desk.data;
  const rows = pieces.map((piece, at) => {
    const n = desk.model.list.findIndex((row) => row.id === piece.id) + 1;
    const fate = n ? (n === at + 1 ? "stays" : "moves") : "goes";
    return element("li", { className: `desk-seen ${fate}` }, [
      element("span", { className: "desk-title", textContent: piece.title }),
      piece.gone ? element("span", { className: "tag", textContent: labels.gone }) : piece.band && band(piece, false),
      element("span", { className: "desk-fate", textContent: filled(labels[fate], { n }) }),
    ]);
  });
  return [element("h3", { textContent: labels[name] }), element("ol", { className: `desk-${name}` }, rows)];
}

// --- Dragging, by a handle ---

function grip(desk, row) {
  const node = element("span", { className: "desk-grip", draggable: true, title: desk.data.labels.grip, textContent: "⠿", ariaHidden: "true" });
  node.ondragstart = (event) => {
    desk.dragged = row.id;
    event.dataTransfer.setData("text/plain", row.title);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(node.closest(".desk-row"), 12, 12);
  };
  node.ondragend = () => desk.drop();
  return node;
}

// A row of the list takes what is dropped on its upper half before it, on its lower half behind it.
function takeDrops(desk, node, place) {
  const isBelow = (event) => event.clientY > node.getBoundingClientRect().top + node.offsetHeight / 2;
  const mark = (side) => ["before", "after"].forEach((name) => node.classList.toggle(`drop-${name}`, name === side));
  node.ondragover = (event) => {
    if (!desk.dragged) return;
    event.preventDefault();
    mark(isBelow(event) ? "after" : "before");
  };
  node.ondragleave = () => mark("");
  node.ondrop = (event) => {
    event.preventDefault();
    const was = desk.model.list.findIndex((row) => row.id === desk.dragged) + 1;
    const at = place + (isBelow(event) ? 1 : 0);
    desk.drop(was && was < at ? at - 1 : at);
  };
}
