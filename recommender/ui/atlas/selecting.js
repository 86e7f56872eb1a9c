// A box or a lasso around articles.
class Selecting {
  constructor(atlas) {
    this.atlas = atlas;
    this.trail = null;
    const { stage } = atlas;
    stage.addEventListener("pointerdown", (event) => this.begin(event));
    stage.addEventListener("pointermove", (event) => this.go(event));
    stage.addEventListener("pointerup", (event) => this.end(event));
    stage.addEventListener("pointercancel", () => this.drop());
  }

  begin(event) {
    const kind = event.shiftKey && this.atlas.mode === "move" ? "box" : this.atlas.mode;
    if (kind === "move" || event.button || !event.isPrimary) return;
    this.kind = kind;
    this.trail = [this.atlas.view.pixels(event)];
    this.atlas.stage.setPointerCapture(event.pointerId);
  }

  go(event) {
    if (!this.trail) return;
    const [first, now] = [this.trail[0], this.atlas.view.pixels(event)];
    if (this.kind === "box") this.trail = [first, [now[0], first[1]], now, [first[0], now[1]]];
    else this.trail.push(now);
    this.atlas.overlay.lasso.setAttribute("d", `M${this.trail.map((point) => point.join(" ")).join("L")}Z`);
  }

  end(event) {
    if (!this.trail) return;
    this.go(event);
    const { trail } = this;
    this.drop();
    if (trail.length > 2) this.atlas.choose(this.within(trail));
  }

  // The articles within a polygon of the stage that are not filtered out.
  within(trail) {
    const { picture, view, only } = this.atlas;
    const polygon = trail.map((pixels) => view.grid(pixels));
    const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
    const near = picture.index.range(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
    return near.filter((row) => picture.belongs(row, only) && isInside([picture.x[row], picture.y[row]], polygon));
  }

  drop() {
    this.trail = null;
    this.atlas.overlay.lasso.removeAttribute("d");
  }
}

// Whether a point lies in a polygon: a ray from it crosses the border an odd number of times.
function isInside([x, y], polygon) {
  let inside = false;
  polygon.forEach(([ax, ay], i) => {
    const [bx, by] = polygon[(i || polygon.length) - 1];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}
