// What follows from the numbers once: an index of places, colours, names; and where places lie on a sheet.

// Eight hues, then grey for other themes and for none. In pairs their distance in OKLab is at least 0.11 to readers with
// any of the three kinds of colour blindness (by the model of Machado et al., 2009), also from the lighter grey.
const PALETTES = {
  light: ["#0f92f7", "#be3122", "#037465", "#7541b8", "#d35bb1", "#849b11", "#5e2903", "#0f3778", "#8d8880", "#b9b4aa"],
  dark: ["#76bafe", "#be3122", "#76fef6", "#3678e6", "#db6ea5", "#8da523", "#fbb49b", "#edee45", "#878b93", "#63666d"],
};
const HUES = 8;
const [OTHER, NONE] = [HUES, HUES + 1];

// Trust is the share of ten neighbours: where at most two of them stand near by, a point is drawn hollow.
const LITTLE_TRUST = 0.25;

class Picture {
  constructor(packed) {
    Object.assign(this, packed);
    this.n = this.x.length;
    this.titles = [];
    this.dates = [];
    this.byNumber = new Map(this.themes.map((theme) => [theme.number, theme]));
    this.broadThemes = this.themes.filter((theme) => theme.parent < 0).sort((a, b) => b.size - a.size);
    this.hues = new Map(this.broadThemes.map((theme, i) => [theme.number, Math.min(i, OTHER)]));
    this.index = new libraries.KDBush(this.n, 64, Uint16Array);
    for (let i = 0; i < this.n; i++) this.index.add(this.x[i], this.y[i]);
    this.index.finish();
    this.measure();
  }

  // How far each theme spreads, in units of the grid: half of its articles are within that of their middle.
  measure() {
    const sums = new Map(this.themes.map((theme) => [theme.number, [0, 0, 0, 0, 0]]));
    for (let i = 0; i < this.n; i++) {
      for (const sum of [sums.get(this.broad[i]), sums.get(this.fine[i])]) {
        if (!sum) continue;
        sum[0] += 1;
        sum[1] += this.x[i];
        sum[2] += this.y[i];
        sum[3] += this.x[i] ** 2;
        sum[4] += this.y[i] ** 2;
      }
    }
    for (const theme of this.themes) {
      const [n, x, y, xx, yy] = sums.get(theme.number);
      theme.spread = n ? Math.sqrt(Math.max(0, (xx + yy) / n - (x / n) ** 2 - (y / n) ** 2)) : 0;
    }
  }

  row(number) {
    this.rows ??= new Map([...this.number].map((each, row) => [each, row]));
    return this.rows.get(number);
  }

  hue(row) {
    return this.hues.get(this.broad[row]) ?? NONE;
  }

  trusts(row) {
    return this.trust[row] / 255 > LITTLE_TRUST;
  }

  name(number, most = Infinity) {
    return this.byNumber.get(number)?.words.slice(0, most).join(this.labels.between) ?? this.labels.none;
  }

  // The names of an article's themes, the broad one first.
  themeOf(row) {
    const broad = this.name(this.broad[row], 3);
    return this.byNumber.has(this.fine[row]) ? `${broad} › ${this.name(this.fine[row], 2)}` : broad;
  }

  belongs(row, theme) {
    return theme === null || this.broad[row] === theme || (theme >= 0 && this.fine[row] === theme);
  }
}

// The grid of the picture laid on a sheet, which is what a stage of this size shows before anything is zoomed.
class Sheet {
  constructor(picture, width, height) {
    const bounds = (values) => [values.reduce((a, b) => Math.min(a, b), 65535), values.reduce((a, b) => Math.max(a, b), 0)];
    const [[x0, x1], [y0, y1]] = [bounds(picture.x), bounds(picture.y)];
    this.width = width;
    this.height = height;
    // Names stand beside points at the border, too; more so where few articles have their titles there.
    const margin = Math.min(picture.n > 500 ? 40 : 80, width / 8);
    this.scale = Math.min((width - 2 * margin) / Math.max(x1 - x0, 1), (height - 80) / Math.max(y1 - y0, 1));
    this.left = width / 2 - (this.scale * (x0 + x1)) / 2;
    this.top = height / 2 - (this.scale * (y0 + y1)) / 2;
  }

  on(x, y) {
    return [x * this.scale + this.left, y * this.scale + this.top];
  }

  off([x, y]) {
    return [(x - this.left) / this.scale, (y - this.top) / this.scale];
  }
}
