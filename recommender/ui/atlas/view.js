// Which part of the sheet is in sight, and how it comes to be: by mouse, touch and keys. ``moved`` is called with every
// movement, and whether it is a zoom; ``rested`` when nothing has moved for a while.
const STEP = 70; // pixels that an arrow key moves
const REST = 140; // milliseconds

class View {
  constructor(atlas, { moved, rested }) {
    this.atlas = atlas;
    this.transform = libraries.zoomIdentity;
    const isMine = (event) =>
      event.type === "wheel" || event.touches?.length > 1 || (atlas.mode === "move" && !event.shiftKey && !event.button);
    this.zoom = libraries.zoom().filter(isMine).scaleExtent([0.7, 400]);
    this.zoom.on("zoom", ({ transform }) => {
      const isZoom = transform.k !== this.transform.k;
      this.transform = transform;
      this.isMoving = true;
      clearTimeout(this.resting);
      this.resting = setTimeout(() => {
        this.isMoving = false;
        rested();
      }, REST);
      moved(isZoom);
    });
    this.on = libraries.select(atlas.stage).call(this.zoom);
    atlas.stage.addEventListener("keydown", (event) => this.key(event));
  }

  get k() {
    return this.transform.k;
  }

  // Lay out the sheet for the size of the stage; whether it changed.
  resize() {
    const { clientWidth: width, clientHeight: height } = this.atlas.stage;
    if (!width || !height || (this.sheet?.width === width && this.sheet?.height === height)) return false;
    this.sheet = new Sheet(this.atlas.picture, width, height);
    this.zoom.extent([[0, 0], [width, height]]).translateExtent([[-width, -height], [2 * width, 2 * height]]);
    return true;
  }

  // Where an event is on the stage, in pixels.
  pixels(event) {
    const box = this.atlas.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  // A place on the stage, in units of the picture's grid.
  grid(pixels) {
    return this.sheet.off(this.transform.invert(pixels));
  }

  // The rows of all that is in sight.
  rows() {
    const [left, top] = this.grid([0, 0]);
    return this.atlas.picture.index.range(left, top, ...this.grid([this.sheet.width, this.sheet.height]));
  }

  zoomBy(factor) {
    this.zoom.scaleBy(this.on, factor);
  }

  reset() {
    this.zoom.transform(this.on, libraries.zoomIdentity);
  }

  key(event) {
    const moves = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) this.zoom.translateBy(this.on, ...moves[event.key].map((by) => by / this.k));
    else if (event.key === "+" || event.key === "=") this.zoomBy(1.6);
    else if (event.key === "-") this.zoomBy(1 / 1.6);
    else if (event.key === "0") this.reset();
    else return;
    event.preventDefault();
  }
}
