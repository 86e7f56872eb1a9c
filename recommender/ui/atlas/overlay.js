// What lies over the points, as SVG: lines to the nearest, marks that can be picked, names.
const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes = {}, children = []) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function styleOf({ ink, paper, accent }) {
  const name = (kind) => `font: ${KINDS[kind].weight} ${KINDS[kind].size}px ${FONT};`;
  return `.atlas-over text { fill: ${ink}; stroke: ${paper}; stroke-width: 3.5px; stroke-linejoin: round; paint-order: stroke;
      text-anchor: middle; dominant-baseline: central; }
    .atlas-over .broad { ${name("broad")} } .atlas-over .fine { ${name("fine")} } .atlas-over .title { ${name("title")} }
    .atlas-over .line { stroke: ${accent}; fill: none; stroke-opacity: .75; }
    .atlas-over .line.far { stroke-dasharray: 5 4; } .atlas-over .leader { stroke: ${ink}; stroke-opacity: .45; }
    .atlas-over .ring { fill: transparent; stroke: ${accent}; stroke-width: 2px; }
    .atlas-over .picked .ring, .atlas-over .picked .box { stroke: ${ink}; stroke-width: 3px; }
    .atlas-over .box { fill: ${accent}; stroke: ${paper}; stroke-width: 1.5px; }
    .atlas-over .mark text { fill: ${paper}; stroke: none; font: 700 11px ${FONT}; }
    .atlas-over .lasso { fill: ${accent}; fill-opacity: .12; stroke: ${accent}; stroke-width: 1.5px; stroke-dasharray: 4 3; }`;
}

const MARK = 19; // pixels

class Overlay {
  constructor(stage) {
    this.style = svg("style");
    this.groups = Object.fromEntries(["lines", "marks", "names"].map((name) => [name, svg("g")]));
    this.moved = svg("g", {}, [this.groups.names, this.groups.lines, this.groups.marks]);
    this.lasso = svg("path", { class: "lasso" });
    this.root = svg("svg", { class: "atlas-over" }, [this.style, this.moved, this.lasso]);
    this.groups.names.setAttribute("aria-hidden", "true");
    stage.append(this.root);
    this.marks = [];
    this.lines = [];
    this.names = [];
  }

  // ``marks`` are { key, shape, text, label, place, picked, act, tip }, drawn in this order and met by Tab in it;
  // ``lines`` are { from, to, far, score }, from and to being marks.
  show(marks, lines) {
    const focused = this.groups.marks.querySelector(":focus")?.dataset.key;
    this.marks = marks;
    this.lines = lines;
    for (const line of lines) {
      line.node = svg("line", { class: line.far ? "line far" : "line", "stroke-width": 0.8 + 2.4 * line.score });
    }
    for (const mark of marks) mark.node = this.mark(mark);
    this.leaders = marks.map(() => svg("line", { class: "leader" }));
    this.groups.lines.replaceChildren(...lines.map((line) => line.node), ...this.leaders);
    this.groups.marks.replaceChildren(...marks.map((mark) => mark.node));
    if (focused) marks.find((mark) => mark.key === focused)?.node.focus();
  }

  mark({ key, shape, text, label, picked = false, act, tip }) {
    const half = MARK / 2;
    const shapes = {
      ring: () => svg("circle", { class: "ring", r: 9 }),
      box: () => svg("rect", { class: "box", x: -half, y: -half, width: MARK, height: MARK, rx: 4 }),
      diamond: () => svg("path", { class: "box", d: `M0 ${-half - 3}L${half + 3} 0L0 ${half + 3}L${-half - 3} 0Z` }),
    };
    const inner = [shapes[shape](), ...(text ? [svg("text", {}, [text])] : [])];
    const node = svg("g", { class: `mark is-${shape}${picked ? " picked" : ""}`, "aria-label": label, "data-key": key }, inner);
    for (const [name, value] of Object.entries(act ? { role: "button", tabindex: 0, "aria-pressed": picked } : { role: "img" }))
      node.setAttribute(name, value);
    node.onclick = (event) => {
      event.stopPropagation();
      act?.();
    };
    node.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      act?.();
    };
    node.onpointerenter = node.onfocus = () => tip?.(node);
    node.onpointerleave = node.onblur = () => tip?.(null);
    return node;
  }

  // Lay out marks and names anew for a zoom.
  arrange(k, names) {
    this.names = names;
    const made = names.map(({ kind, text, place, lift }) =>
      svg("text", { class: kind, x: place[0] * k, y: place[1] * k + lift }, [text]),
    );
    this.groups.names.replaceChildren(...made);
    this.place(k);
  }

  place(k) {
    const at = ({ place, off = [0, 0] }) => [place[0] * k + off[0], place[1] * k + off[1]];
    this.marks.forEach((mark, i) => {
      const [x, y] = at(mark);
      mark.node.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      this.stretch(this.leaders[i], at({ place: mark.place }), [x, y]);
    });
    for (const { node, from, to } of this.lines) this.stretch(node, at(from), at(to));
    this.names.forEach(({ place, lift }, i) => {
      const node = this.groups.names.children[i];
      node.setAttribute("x", (place[0] * k).toFixed(1));
      node.setAttribute("y", (place[1] * k + lift).toFixed(1));
    });
  }

  stretch(line, [x1, y1], [x2, y2]) {
    const ends = { x1, y1, x2, y2 };
    for (const name in ends) line.setAttribute(name, ends[name].toFixed(1));
  }

  shift({ x, y }) {
    this.moved.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  }
}
