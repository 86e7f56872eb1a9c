// The text as it reads. A click on a paragraph, or the button that appears at a selection, sends [start, end):
// offsets that count characters as Python does, not UTF-16 units.
const length = (text) => [...text].length;

function element(tag, properties = {}, children = []) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function runs(block) {
  return block.runs.map(([text, kind]) => (kind ? element("mark", { className: kind, textContent: text }) : text));
}

function paragraph(block, labels, send) {
  const number = element("button", { className: "number", type: "button", textContent: block.number });
  number.setAttribute("aria-label", labels.paragraph.replace("{n}", block.number));
  number.setAttribute("aria-pressed", String(block.selected));
  const text = element("p", {}, runs(block));
  text.dataset.start = block.start;
  const row = element("div", { className: "paragraph" + (block.selected ? " selected" : "") }, [number, text]);
  if (block.selected) row.id = "picked";
  row.onclick = () => {
    if (getSelection().isCollapsed) send([block.start, block.end]);
  };
  return row;
}

function heading(block) {
  const node = element(block.level > 1 ? "h3" : "h2", {}, runs(block));
  node.dataset.start = block.start;
  return node;
}

// The selected stretch, cut to the blocks of the essay; null if there is none.
function selected(root) {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const blocks = [...root.querySelectorAll("[data-start]")].filter((block) => range.intersectsNode(block));
  if (!blocks.length) return null;
  const offset = (block, container, at) => {
    const before = document.createRange();
    before.selectNodeContents(block);
    before.setEnd(container, at);
    return Number(block.dataset.start) + length(before.toString());
  };
  const [first, last] = [blocks[0], blocks.at(-1)];
  const start = first.contains(range.startContainer)
    ? offset(first, range.startContainer, range.startOffset)
    : Number(first.dataset.start);
  const end = last.contains(range.endContainer)
    ? offset(last, range.endContainer, range.endOffset)
    : Number(last.dataset.start) + length(last.textContent);
  return end - start > 1 ? { span: [start, end], box: range.getBoundingClientRect() } : null;
}

function place(button, box) {
  const left = Math.min(Math.max(box.left, 8), innerWidth - button.offsetWidth - 8);
  const below = box.bottom + 8 + button.offsetHeight < innerHeight;
  button.style.left = `${left}px`;
  button.style.top = `${below ? box.bottom + 8 : Math.max(8, box.top - button.offsetHeight - 8)}px`;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const send = (span) => {
    setTriggerValue("picked", span);
    const list = document.querySelector(".st-key-related");
    list?.scrollTo({ top: 0 });
    // On a narrow screen the list stands below the text: bring it into view.
    if (matchMedia("(max-width: 640px)").matches) list?.scrollIntoView({ behavior: "smooth" });
  };
  const focused = parentElement.querySelector(".number:focus")?.textContent;
  const body = data.blocks.map((block) => (block.level ? heading(block) : paragraph(block, data.labels, send)));
  const root = element("article", { className: "essay", lang: data.lang }, [
    element("h1", { textContent: data.title }),
    element("p", { className: "about", textContent: data.about }),
    ...body,
  ]);
  const before = parentElement.querySelector(".essay");
  before?.remove();
  parentElement.append(root);
  // Another text is read from its beginning.
  root.dataset.article = data.article;
  if (before && before.dataset.article !== data.article) root.scrollIntoView();
  [...root.querySelectorAll(".number")].find((button) => button.textContent === focused)?.focus();

  const find = element("button", { className: "essay-find", type: "button", hidden: true });
  find.textContent = data.labels.selection;
  root.append(find);
  const watch = () => {
    const found = selected(root);
    find.hidden = !found;
    if (found) place(find, found.box);
  };
  find.onpointerdown = (event) => event.preventDefault(); // keep the selection until it is read
  find.onclick = () => {
    const found = selected(root);
    if (found) send(found.span);
    getSelection().removeAllRanges();
  };
  document.addEventListener("selectionchange", watch);
  document.addEventListener("scroll", watch, { passive: true, capture: true });
  return () => {
    document.removeEventListener("selectionchange", watch);
    document.removeEventListener("scroll", watch, { capture: true });
  };
}
