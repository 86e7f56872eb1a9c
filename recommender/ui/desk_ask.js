// What the desk asks before it does something: which piece, what to note, whether to hide it in all lists.

const PAUSE = 150; // milliseconds without a key until what is typed is searched for

// Open a dialog. ``accept`` gets the form's values and is called when it is sent; ``label`` is what sends it, if anything.
function ask(desk, title, parts, label, accept) {
  const { cancel } = desk.data.labels;
  const send = label && element("button", { className: "main", textContent: label });
  const close = element("button", { type: "button", textContent: cancel, onclick: () => desk.dialog.close() });
  const form = element("form", {}, [element("h3", { textContent: title }), ...parts, element("div", { className: "desk-tools" }, [send, close])]);
  form.onsubmit = (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    desk.dialog.close();
    accept(values);
  };
  desk.dialog.ariaLabel = title;
  desk.dialog.replaceChildren(form);
  desk.dialog.showModal();
}

function reasonField({ labels }) {
  return element("label", {}, [labels.reason, element("input", { name: "text", autocomplete: "off" })]);
}

function askForNote(desk, row) {
  const { labels } = desk.data;
  const area = element("textarea", { name: "text", rows: 3, value: (row ?? desk.model).note ?? "" });
  area.onkeydown = (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") area.form.requestSubmit();
  };
  const title = row ? filled(labels.note_title, row) : labels.list_note;
  ask(desk, title, [element("label", {}, [labels.note_help, area])], labels.save, ({ text }) =>
    desk.send({ do: "note", piece: row?.id ?? "", text: text.trim() }),
  );
}

function askToHide(desk, row) {
  const { labels } = desk.data;
  const parts = [element("p", { textContent: labels.hide_help }), reasonField(desk.data)];
  ask(desk, filled(labels.hide_title, row), parts, labels.hide_everywhere, ({ text }) =>
    desk.stay(() => desk.send({ do: "hide", piece: row.id, everywhere: true, text })),
  );
}

// Ask for a piece by words of its title: to add it, or to put it in the place of ``row``.
function askForPiece(desk, row) {
  const { labels } = desk.data;
  const list = element("ul", { id: "desk-found", role: "listbox", ariaLabel: labels.find });
  const input = element("input", { autocomplete: "off", placeholder: labels.find, ariaLabel: labels.find, role: "combobox", ariaExpanded: "true" });
  input.setAttribute("aria-controls", list.id);
  const reason = row && reasonField(desk.data);
  const choice = { rows: [], at: 0 };
  const take = (found) => {
    const { list, rows, size } = desk.model;
    const placeOf = (piece) => list.findIndex((one) => one.id === piece) + 1;
    const text = reason ? reason.querySelector("input").value : "";
    desk.dialog.close();
    if (!rows.has(found.id)) desk.added.push({ ...found, at: Infinity, pin: 0, hidden: false });
    if (row && row.id !== found.id) desk.put(found.id, placeOf(row.id), { instead: row.id, text });
    else if (!placeOf(found.id)) desk.put(found.id, Math.min(list.length + 1, size));
    desk.to(found.id);
  };
  const draw = () => {
    const none = input.value.trim() && choice.find === input.value.trim() ? labels.nothing : labels.find_help;
    const rows = choice.rows.map((found, at) => foundRow(desk, found, at, at === choice.at, take));
    list.replaceChildren(...(rows.length ? rows : [element("li", { textContent: none })]));
    input.setAttribute("aria-activedescendant", rows.length ? rows[choice.at].id : "");
    rows[choice.at]?.scrollIntoView({ block: "nearest" });
  };
  let waiting;
  input.oninput = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => desk.send({ do: "search", text: input.value.trim() }), PAUSE);
  };
  input.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || (!step && event.key !== "Enter")) return;
    event.preventDefault();
    if (step && choice.rows.length) choice.at = (choice.at + step + choice.rows.length) % choice.rows.length;
    else if (!step && choice.rows.length) return take(choice.rows[choice.at]);
    draw();
  };
  desk.showFound = ({ find, rows }) => {
    if (!list.isConnected || find !== input.value.trim()) return; // an answer to what was typed before
    Object.assign(choice, { find, rows, at: 0 });
    draw();
  };
  const title = row ? filled(labels.replace_title, row) : labels.add_title;
  ask(desk, title, [input, list, reason], "", () => {});
  draw();
}

function foundRow(desk, found, at, isChosen, take) {
  const place = desk.model.list.findIndex((row) => row.id === found.id) + 1;
  const node = element("li", { id: `desk-found-${at}`, role: "option", className: isChosen ? "chosen" : "", onclick: () => take(found) }, [
    element("span", { className: "desk-title", textContent: found.title }),
    found.about && element("span", { className: "score", textContent: found.about }),
    place && element("span", { className: "tag", textContent: filled(desk.data.labels.listed_at, { n: place }) }),
  ]);
  node.setAttribute("aria-selected", String(isChosen));
  return node;
}
