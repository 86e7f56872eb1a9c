// Which names stand on the picture at a zoom, and where: none over another. Places are on the sheet, times the zoom.
const FONT = "'Noto Sans SC', 'Source Han Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";
const KINDS = {
  broad: { size: 16, weight: 700, words: 3, longest: 12 },
  fine: { size: 13, weight: 500, words: 2, longest: 11 },
  title: { size: 11.5, weight: 400, longest: 12 },
};
// A broad theme gives way to its fine ones when half of it takes as many pixels.
const OPENS = 130;
const NARROW = 500; // pixels
// With more articles than this in sight no titles are written.
const FEW = 150;

class Room {
  constructor() {
    this.taken = [];
  }

  add(x, y, width, height) {
    this.taken.push([x - width / 2, y - height / 2, x + width / 2, y + height / 2]);
  }

  // Whether nothing is there yet; then it is taken.
  take(x, y, width, height) {
    const isFree = ([left, top, right, bottom]) =>
      x + width / 2 <= left || right <= x - width / 2 || y + height / 2 <= top || bottom <= y - height / 2;
    if (!this.taken.every(isFree)) return false;
    this.add(x, y, width, height);
    return true;
  }
}

const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();

function widthOf(text, { size, weight }) {
  const key = `${weight} ${size} ${text}`;
  if (!widths.has(key)) {
    pen.font = `${weight} ${size}px ${FONT}`;
    widths.set(key, pen.measureText(text).width);
  }
  return widths.get(key);
}

// A Chinese character is as wide as two Latin letters.
function shortened(text, longest) {
  let room = longest;
  const kept = [...text].filter((char) => (room -= char < "\u2e80" ? 0.55 : 1) >= 0);
  return kept.length < [...text].length ? `${kept.join("")}…` : text;
}

// As many of a theme's words as fit, at least one.
function nameOf(theme, { words, longest }, most, between) {
  let name = "";
  for (const word of theme.words.slice(0, Math.min(words, most))) {
    const longer = name ? name + between + word : word;
    if (name && shortened(longer, longest) !== longer) break;
    name = longer;
  }
  return shortened(name, longest);
}

// A name and the room that it takes at zoom k, moved sideways so that it stays on the sheet.
function label(kind, text, [x, y], sheet, k, lift = 0) {
  const width = widthOf(text, KINDS[kind]) + 8;
  const inner = Math.max(width / 2, Math.min(x * k, sheet.width * k - width / 2)) / k;
  return { kind, text, place: [inner, y], lift, width, height: KINDS[kind].size * 1.45 };
}

// The names of themes at zoom k, the broad ones of large themes first; with ``only`` those within one theme.
function themeLabels(picture, sheet, k, only, room) {
  const wanted = picture.broadThemes.flatMap((theme) => {
    const inner = picture.themes.filter((fine) => fine.parent === theme.number);
    return inner.length && theme.spread * sheet.scale * k > OPENS ? inner : [theme];
  });
  const within = ({ number, parent }) => only === null || number === only || parent === only;
  const bySize = wanted.filter(within).sort((a, b) => (a.parent >= 0) - (b.parent >= 0) || b.size - a.size);
  return bySize.flatMap((theme) => {
    const kind = theme.parent < 0 ? "broad" : "fine";
    const name = nameOf(theme, KINDS[kind], sheet.width < NARROW ? 2 : 3, picture.labels.between);
    const made = label(kind, name, sheet.on(theme.x, theme.y), sheet, k);
    const [x, y] = made.place.map((at) => at * k);
    // Where it does not fit it may stand a little above or below.
    const lift = [0, -1, 1, -2, 2].map((lines) => lines * made.height).find((off) => room.take(x, y + off, made.width, made.height));
    return lift === undefined ? [] : [{ ...made, lift }];
  });
}

// Titles below those of ``rows`` that have room for one.
function titleLabels(picture, sheet, k, rows, radius, room) {
  if (!picture.titles.length || rows.length > FEW) return [];
  const places = rows.map((row) => sheet.on(picture.x[row], picture.y[row]));
  for (const [x, y] of places) room.add(x * k, y * k, 2 * radius, 2 * radius);
  return rows.flatMap((row, i) => {
    const lift = radius + 9;
    const made = label("title", shortened(picture.titles[row], KINDS.title.longest), places[i], sheet, k, lift);
    return room.take(made.place[0] * k, made.place[1] * k + lift + 1, made.width, made.height) ? [made] : [];
  });
}

// Where marks stand at zoom k: rings at their places, others there or beside them if these are taken.
function spread(marks, k, room) {
  const [rings, others] = [true, false].map((isRing) => marks.filter(({ shape }) => (shape === "ring") === isRing));
  for (const { place } of rings) room.add(place[0] * k, place[1] * k, MARK, MARK);
  for (const mark of others) mark.off = beside(mark.place.map((at) => at * k), MARK + 1, room);
}

// How far from its place a square of this size finds room, along a spiral.
function beside([x, y], size, room) {
  for (let step = 0; step < 400; step++) {
    const [turn, far] = [step * 2.4, size * 0.42 * Math.sqrt(step)];
    const off = [far * Math.cos(turn), far * Math.sin(turn)];
    if (room.take(x + off[0], y + off[1], size, size)) return off;
  }
  return [0, 0];
}
