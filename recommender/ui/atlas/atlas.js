// The picture with all that can be done to it. ``act`` are what to call for what a reader does: pick(mark), select(numbers),
// only(theme), point(number); without them it is a picture to look at.
const NEAR_ENOUGH = 12; // pixels between a pointer and a point

class Atlas {
  constructor(root, picture, act) {
    Object.assign(this, { root, picture, act, mode: "move", only: null, hollow: true, now: {}, chosen: new Set() });
    this.build();
    this.view = new View(this, { moved: (isZoom) => this.moved(isZoom), rested: () => this.arrange() });
    new Selecting(this);
    this.stage.addEventListener("pointermove", (event) => this.hover(event));
    this.stage.addEventListener("pointerleave", () => this.tip.show(null));
    this.stage.addEventListener("click", (event) => this.click(event));
    this.stage.addEventListener("keydown", ({ key }) => key === "Escape" && this.chosen.size && this.choose([]));
    this.repaint();
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.stage);
    this.resize();
  }

  build() {
    const { root, picture } = this;
    this.stage = element("div", { className: "atlas-stage", tabIndex: 0 }, [element("canvas")]);
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute("aria-label", picture.labels.stage);
    this.tip = new Tip(this);
    this.status = element("p", { className: "atlas-status" });
    this.status.setAttribute("role", "status");
    this.foot = element("div", { className: "atlas-foot" }, [this.status]);
    this.legend = element("div", { className: "atlas-legend" });
    root.append(this.stage, this.foot, this.legend);
    this.overlay = new Overlay(this.stage);
    this.stage.append(tools(this), this.tip.root);
    this.points = new Points(this.stage.querySelector("canvas"), picture);
    if (!this.points.gl) this.stage.append(element("p", { className: "atlas-none", textContent: picture.labels.no_webgl }));
  }

  destroy() {
    this.sizes.disconnect();
    clearTimeout(this.view.resting);
    this.points.gl?.getExtension("WEBGL_lose_context")?.loseContext();
    this.root.replaceChildren();
  }

  // -- what is shown ---------------------------------------------------------------------------------------------------

  // What the page says: the open essay and its paragraphs, what is picked, lines to the nearest, words to look for.
  update(now) {
    this.now = now;
    this.only = now.only;
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
    const names = { ink: "--st-text-color", paper: "--st-background-color", accent: "--st-primary-color" };
    const colours = Object.fromEntries(Object.entries(names).map(([name, of]) => [name, style.getPropertyValue(of).trim()]));
    if (JSON.stringify(colours) === JSON.stringify(this.colours)) return;
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
    const { picture, only, chosen } = this;
    const find = (this.now.find ?? "").toLowerCase();
    const rows = find ? picture.titles.flatMap((title, row) => (title.toLowerCase().includes(find) ? [row] : [])) : [];
    this.found = find ? new Set(rows) : null;
    const isLit = (row) => this.found?.has(row) || chosen.has(row);
    const rest = find || chosen.size ? FADED : PLAIN;
    this.points.paint((row) => (picture.belongs(row, only) ? (isLit(row) ? LIT : rest) : FADED));
    this.status.replaceChildren(...status(this));
    if (this.palette) this.showLegend();
    this.redraw();
  }

  // What can be picked over the points.
  mark() {
    if (!this.view.sheet) return;
    const { marks, lines } = marksOf(this);
    this.overlay.show(marks, lines);
    this.arrange();
  }

  resize() {
    if (!this.view.resize()) return;
    const { width, height } = this.view.sheet;
    this.overlay.root.setAttribute("width", width);
    this.overlay.root.setAttribute("height", height);
    this.points.resize(width, height, Math.min(devicePixelRatio || 1, 2));
    this.dress();
    this.mark();
  }

  moved(isZoom) {
    if (isZoom) this.tip.show(null);
    this.redraw(isZoom);
  }

  redraw(isZoom = false) {
    this.isZoomed ||= isZoom;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (!this.view.sheet) return;
      this.points.draw(this.view, this.hollow);
      this.overlay.shift(this.view.transform);
      if (this.isZoomed) this.rename();
      this.isZoomed = false;
      this.drawn = (this.drawn ?? 0) + 1;
      this.stage.dataset.drawn = this.drawn;
    });
  }

  // While it is zoomed, names are chosen anew at every quarter of a doubling only, so that they do not flicker.
  rename() {
    if (Math.floor(4 * Math.log2(this.view.k)) === this.step) this.overlay.place(this.view.k);
    else this.arrange();
  }

  // Which names stand where at this zoom; titles only when nothing moves.
  arrange() {
    const { view, picture, overlay } = this;
    if (!view.sheet) return;
    const { k, isMoving } = view;
    this.step = Math.floor(4 * Math.log2(k));
    const room = new Room();
    spread(overlay.marks, k, room);
    const names = themeLabels(picture, view.sheet, isMoving ? 2 ** (this.step / 4) : k, this.only, room);
    const clear = () => view.rows().filter((row) => this.points.state(row) !== FADED);
    const titles = isMoving ? [] : titleLabels(picture, view.sheet, k, clear(), this.points.radius(k), room);
    overlay.arrange(k, [...names, ...titles]);
    this.redraw();
  }

  // -- pointing, picking, choosing -------------------------------------------------------------------------------------

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

  // Look at one theme only, or if it is that already, at all.
  filter(theme) {
    this.only = this.only === theme ? null : theme;
    this.repaint();
    this.arrange();
    this.act.only?.(this.only);
  }

  // The article at an event, if it is not filtered out.
  rowAt(event) {
    const { picture, view } = this;
    const [x, y] = view.grid(view.pixels(event));
    const reach = Math.max(NEAR_ENOUGH, this.points.radius(view.k)) / (view.sheet.scale * view.k);
    const far = (row) => Math.hypot(picture.x[row] - x, picture.y[row] - y);
    const rows = picture.index.within(x, y, reach).filter((row) => picture.belongs(row, this.only));
    return rows.length ? rows.reduce((a, b) => (far(b) < far(a) ? b : a)) : null;
  }

  hover(event) {
    if (event.pointerType === "touch" || event.buttons || this.mode !== "move" || event.target.closest(".mark, button")) return;
    const row = this.rowAt(event);
    this.stage.style.cursor = row === null ? "" : "pointer";
    this.tip.show(row, event);
  }

  click(event) {
    if (this.mode !== "move" || event.shiftKey || event.target.closest("button")) return;
    const row = this.rowAt(event);
    if (row !== null) this.act.pick?.({ number: this.picture.number[row] });
  }

  choose(rows) {
    this.chosen = new Set(rows);
    this.repaint();
    this.act.select?.(rows.map((row) => this.picture.number[row]));
  }
}
