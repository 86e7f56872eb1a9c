// The picture with all that can be done to it. ``act`` are what to call for what a reader does: pick(mark), select(rows),
// only(theme), point(row); without them it is a picture to look at.
const STEP = 70; // pixels an arrow key moves
const NEAR_ENOUGH = 12; // pixels between a pointer and a point
const REST = 140; // milliseconds without a movement until all points and titles are drawn

class Atlas {
  constructor(root, picture, act) {
    Object.assign(this, { root, picture, act, mode: "move", only: null, hollow: true, now: {} });
    this.view = libraries.zoomIdentity;
    this.chosen = new Set();
    const { labels } = picture;
    this.canvas = element("canvas");
    this.stage = element("div", { className: "atlas-stage", tabIndex: 0 }, [this.canvas]);
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute("aria-label", labels.stage);
    this.tip = new Tip(this);
    this.status = element("p", { className: "atlas-status" });
    this.status.setAttribute("role", "status");
    this.legend = element("div", { className: "atlas-legend" });
    this.foot = element("div", { className: "atlas-foot" }, [this.status]);
    root.append(this.stage, this.foot, this.legend);
    this.overlay = new Overlay(this.stage);
    this.stage.append(tools(this), this.tip.root);
    this.points = new Points(this.canvas, picture);
    if (!this.points.gl) this.stage.append(element("p", { className: "atlas-none", textContent: labels.no_webgl }));
    this.listen();
    this.repaint();
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(this.stage);
    this.resize();
  }

  listen() {
    const allowed = (event) =>
      event.type === "wheel" || event.touches?.length > 1 || (this.mode === "move" && !event.shiftKey && !event.button);
    this.zoom = libraries.zoom().filter(allowed).scaleExtent([0.7, 400]).on("zoom", ({ transform }) => this.move(transform));
    this.stageZoom = libraries.select(this.stage).call(this.zoom);
    new Selecting(this);
    this.stage.addEventListener("pointermove", (event) => this.hover(event));
    this.stage.addEventListener("pointerleave", () => this.tip.show(null));
    this.stage.addEventListener("click", (event) => this.click(event));
    this.stage.addEventListener("keydown", (event) => this.key(event));
    this.scheme = new MutationObserver(() => this.dress());
    this.scheme.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
  }

  destroy() {
    this.resizes.disconnect();
    this.scheme.disconnect();
    clearTimeout(this.resting);
    this.points.gl?.getExtension("WEBGL_lose_context")?.loseContext();
    this.root.replaceChildren();
  }

  // -- what is shown ---------------------------------------------------------------------------------------------------

  // What the page says: the open essay and its paragraphs, what is picked, lines to the nearest, words to look for.
  update(now) {
    this.now = now;
    if (now.only !== undefined) this.only = now.only;
    this.dress();
    this.mark();
    this.repaint();
  }

  setTitles(titles, dates) {
    Object.assign(this.picture, { titles, dates });
    this.mark();
    this.repaint();
  }

  setChosen(numbers) {
    this.chosen = new Set(numbers.map((number) => this.picture.row(number)).filter((row) => row !== undefined));
    this.repaint();
  }

  // Colours as the page has them now.
  dress() {
    const style = getComputedStyle(this.root);
    const of = (name, other) => style.getPropertyValue(name).trim() || other;
    const colours = {
      ink: of("--st-text-color", "#23211d"),
      paper: of("--st-background-color", "#fcfaf5"),
      accent: of("--st-primary-color", "#a63d2a"),
    };
    if (this.colours && Object.keys(colours).every((name) => colours[name] === this.colours[name])) return;
    this.colours = colours;
    this.palette = PALETTES[rgb(colours.paper).reduce((a, b) => a + b) < 1.5 ? "dark" : "light"];
    this.points.colours = this.palette;
    this.overlay.style.textContent = styleOf(colours);
    this.showLegend();
    this.redraw();
  }

  showLegend() {
    const focused = [...this.legend.querySelectorAll("button")].indexOf(document.activeElement);
    this.legend.replaceChildren(...legend(this));
    if (focused >= 0) this.legend.querySelectorAll("button")[focused]?.focus();
  }

  // Which points are plain, faded or lit.
  repaint() {
    const { picture, now, only, chosen } = this;
    const find = (now.find ?? "").trim().toLowerCase();
    const found = new Set(find ? picture.titles.flatMap((title, row) => (title.toLowerCase().includes(find) ? [row] : [])) : []);
    this.found = find ? found : null;
    const some = find || chosen.size;
    this.points.paint((row) => {
      if (!picture.belongs(row, only)) return FADED;
      if (found.has(row) || chosen.has(row)) return LIT;
      return some ? FADED : PLAIN;
    });
    this.say();
    if (this.palette) this.showLegend();
    this.redraw();
  }

  say() {
    const { labels } = this.picture;
    const fill = (text, n) => text.replace("{n}", n.toLocaleString());
    const parts = [];
    if (this.found) parts.push(fill(labels.found, this.found.size));
    if (this.chosen.size) parts.push(fill(labels.chosen, this.chosen.size));
    this.status.textContent = parts.join(" ");
    if (this.found?.size && this.act.select) {
      const text = labels.choose_found;
      this.status.append(" ", element("button", { type: "button", textContent: text, onclick: () => this.choose([...this.found]) }));
    } else if (this.only !== null && this.act.select) {
      const rows = () => [...Array(this.picture.n).keys()].filter((row) => this.picture.belongs(row, this.only));
      this.status.append(element("button", { type: "button", textContent: labels.choose_theme, onclick: () => this.choose(rows()) }));
    }
  }

  mark() {
    if (!this.sheet) return;
    const { marks, lines } = marksOf(this);
    this.overlay.show(marks, lines);
    this.arrange();
  }

  // -- looking around --------------------------------------------------------------------------------------------------

  resize() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !height || (this.sheet?.width === width && this.sheet?.height === height)) return;
    this.sheet = new Sheet(this.picture, width, height);
    this.overlay.root.setAttribute("width", width);
    this.overlay.root.setAttribute("height", height);
    this.zoom.extent([[0, 0], [width, height]]).translateExtent([[-width, -height], [2 * width, 2 * height]]);
    this.points.resize(width, height, Math.min(devicePixelRatio || 1, 2));
    this.dress();
    this.mark();
  }

  move(view) {
    const isZoomed = view.k !== this.view.k;
    this.view = view;
    this.isMoving = true;
    if (isZoomed) this.tip.show(null);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.isMoving = false;
      this.arrange();
    }, REST);
    this.redraw(isZoomed);
  }

  redraw(isZoomed = false) {
    this.zoomed ||= isZoomed;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (!this.sheet) return;
      this.points.draw(this.sheet, this.view, this.hollow, this.isMoving);
      this.overlay.shift(this.view.x, this.view.y);
      if (this.zoomed) this.rename();
      this.zoomed = false;
      this.drawn = (this.drawn ?? 0) + 1;
      this.stage.dataset.drawn = this.drawn;
    });
  }

  // While it is zoomed, names are chosen anew at every quarter of a doubling only, so that they do not flicker.
  rename() {
    const step = Math.floor(4 * Math.log2(this.view.k));
    if (step !== this.step) this.arrange(false);
    else this.overlay.place(this.view.k);
  }

  // Which names stand where at this zoom; titles only when nothing moves.
  arrange(atRest = !this.isMoving) {
    if (!this.sheet) return;
    const { k } = this.view;
    this.step = Math.floor(4 * Math.log2(k));
    const room = new Room();
    const [rings, others] = [true, false].map((isRing) => this.overlay.marks.filter(({ shape }) => (shape === "ring") === isRing));
    for (const { place } of rings) room.add(place[0] * k, place[1] * k, MARK, MARK);
    const offs = apart(others.map(({ place }) => place), k, MARK + 1, room);
    others.forEach((mark, i) => (mark.off = offs[i]));
    const names = themeLabels(this.picture, this.sheet, atRest ? k : 2 ** (this.step / 4), this.only, room);
    const titles = atRest ? titleLabels(this.picture, this.sheet, k, this.inSight(), this.points.radius(k), room) : [];
    this.overlay.arrange(k, [...names, ...titles]);
    this.redraw();
  }

  inSight() {
    const { sheet, view, picture } = this;
    const [a, b] = [[0, 0], [sheet.width, sheet.height]].map((corner) => sheet.off(view.invert(corner)));
    return picture.index.range(a[0], a[1], b[0], b[1]).filter((row) => this.points.state(row) !== FADED);
  }

  zoomBy(factor) {
    this.zoom.scaleBy(this.stageZoom, factor);
  }

  reset() {
    this.zoom.transform(this.stageZoom, libraries.zoomIdentity);
  }

  key(event) {
    const moves = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) this.zoom.translateBy(this.stageZoom, ...moves[event.key].map((by) => by / this.view.k));
    else if (event.key === "+" || event.key === "=") this.zoomBy(1.6);
    else if (event.key === "-") this.zoomBy(1 / 1.6);
    else if (event.key === "0") this.reset();
    else if (event.key === "Escape" && this.chosen.size) this.choose([]);
    else return;
    event.preventDefault();
  }

  setMode(mode) {
    this.mode = mode;
    this.stage.dataset.mode = mode;
    this.stage.style.cursor = "";
    this.tip.show(null);
    for (const name of ["move", "box", "lasso"]) {
      this.stage.querySelector(`.atlas-${name}`)?.setAttribute("aria-pressed", String(name === mode));
    }
  }

  setHollow(hollow) {
    this.hollow = hollow;
    this.showLegend();
    this.redraw();
  }

  filter(theme) {
    this.only = this.only === theme ? null : theme;
    this.repaint();
    this.arrange();
    this.act.only?.(this.only);
  }

  // -- pointing, picking, choosing -------------------------------------------------------------------------------------

  // The article at a place of the stage, if it is not filtered out.
  rowAt(event) {
    const box = this.stage.getBoundingClientRect();
    const [x, y] = this.sheet.off(this.view.invert([event.clientX - box.left, event.clientY - box.top]));
    const reach = Math.max(NEAR_ENOUGH, this.points.radius(this.view.k)) / (this.sheet.scale * this.view.k);
    const far = (row) => Math.hypot(this.picture.x[row] - x, this.picture.y[row] - y);
    const rows = this.picture.index.within(x, y, reach).filter((row) => this.picture.belongs(row, this.only));
    return rows.length ? rows.reduce((a, b) => (far(b) < far(a) ? b : a)) : null;
  }

  // The articles within a polygon of the stage that are not filtered out.
  within(trail) {
    const polygon = trail.map((point) => this.sheet.off(this.view.invert(point)));
    const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
    const near = this.picture.index.range(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
    const { x, y } = this.picture;
    return near.filter((row) => this.picture.belongs(row, this.only) && isInside([x[row], y[row]], polygon));
  }

  choose(rows) {
    this.chosen = new Set(rows);
    this.repaint();
    this.act.select?.(rows.map((row) => this.picture.number[row]));
  }

  hover(event) {
    if (event.pointerType === "touch" || event.buttons || this.mode !== "move" || event.target.closest(".mark, button")) return;
    const row = this.rowAt(event);
    this.stage.style.cursor = row === null ? "" : "pointer";
    this.tip.show(row, row === null ? null : event);
  }

  click(event) {
    if (this.mode !== "move" || event.shiftKey || event.target.closest("button")) return;
    const row = this.rowAt(event);
    if (row !== null) this.act.pick?.({ number: this.picture.number[row] });
  }
}
