// The text at what is pointed at or has the focus: of an article, or as it is given.
const PATIENCE = 200; // milliseconds until the best sentence of an article is asked for

class Tip {
  constructor(atlas) {
    this.atlas = atlas;
    this.root = element("div", { className: "atlas-tip", hidden: true });
    this.root.setAttribute("role", "tooltip");
    this.sentence = {};
  }

  // Say what there is at ``near``, a mark or an event: a row, or a text; null for nothing.
  show(what, near) {
    if (what === this.shown && what !== null) return;
    this.shown = what;
    this.root.hidden = what === null;
    clearTimeout(this.asking);
    if (this.root.hidden) return;
    const { act, picture, view } = this.atlas;
    if (typeof what === "number") this.asking = setTimeout(() => act.point?.(picture.number[what]), PATIENCE);
    const box = near.getBoundingClientRect?.();
    this.at = view.pixels(box ? { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 } : near);
    this.fill();
  }

  // The best sentence of an article, when it has come.
  say(number, text) {
    this.sentence = { row: this.atlas.picture.row(number), text };
    if (!this.root.hidden && this.shown === this.sentence.row) this.fill();
  }

  fill() {
    const { picture, view } = this.atlas;
    const { sheet } = view;
    const isRow = typeof this.shown === "number";
    const sentence = this.sentence.row === this.shown ? this.sentence.text : "";
    this.root.replaceChildren(...(isRow ? aboutRow(picture, this.shown, sentence) : [element("span", { textContent: this.shown })]));
    const [x, y] = this.at;
    const { offsetWidth: width, offsetHeight: height } = this.root;
    const left = x + 16 + width < sheet.width ? x + 16 : x - 16 - width;
    this.root.style.left = `${Math.max(4, Math.min(left, sheet.width - width - 4))}px`;
    this.root.style.top = `${Math.max(4, Math.min(y + 14, sheet.height - height - 4))}px`;
  }
}

// Its title, what is known of it, how far its place can be trusted, and its best sentence.
function aboutRow(picture, row, sentence) {
  const { labels } = picture;
  const facts = [picture.dates[row], picture.themeOf(row)].filter(Boolean).join(" · ");
  const trust = labels.trust.replace("{n}", Math.round((10 * picture.trust[row]) / 255));
  return [
    element("b", { textContent: picture.titles[row] ?? "" }),
    element("span", { textContent: facts }),
    element("span", { textContent: trust, className: picture.trusts(row) ? "" : "doubt" }),
    ...(sentence ? [element("q", { textContent: sentence })] : []),
  ];
}
