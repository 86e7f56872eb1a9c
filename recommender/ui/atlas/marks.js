// What can be picked over the points: squares for paragraphs, a diamond for what is asked, rings with lines to what is
// truly nearest to it.
function marksOf(atlas) {
  const { picture, now } = atlas;
  const { sheet } = atlas.view;
  const { labels } = picture;
  const act = (mark) => atlas.act.pick && (() => atlas.act.pick(mark));
  const say = (text) => (node) => atlas.tip.show(node && text, node);
  const ring = (number, label, more = {}) => {
    const row = picture.row(number);
    const tip = (node) => atlas.tip.show(node && row, node);
    const place = sheet.on(picture.x[row], picture.y[row]);
    return { key: `a${number}`, shape: "ring", label, place, picked: number === now.picked, act: act({ number }), tip, ...more };
  };
  const titleOf = (number) => picture.titles[picture.row(number)] ?? "";
  const near = (now.near ?? []).filter(({ number }) => picture.row(number) !== undefined);
  const rings = near.map(({ number, score, far }, i) => {
    const said = labels[far ? "near_far" : "near_near"].replace("{n}", i + 1).replace("{score}", score.toFixed(2));
    return ring(number, titleOf(number) + said, { score, far });
  });
  const isMissing = picture.row(now.picked) !== undefined && !near.some(({ number }) => number === now.picked);
  if (isMissing) rings.push(ring(now.picked, titleOf(now.picked)));
  const boxes = (now.paragraphs ?? []).map(({ n, x, y, at, text, picked }) => {
    const label = `${labels.paragraph_n.replace("{n}", n)} ${text}`;
    return { key: `p${n}`, shape: "box", text: n, label, place: sheet.on(x, y), picked, act: act({ at }), tip: say(label) };
  });
  const own = now.own ? [{ key: "own", shape: "diamond", label: now.own.title, place: sheet.on(now.own.x, now.own.y) }] : [];
  for (const each of own) each.tip = say(each.label);
  const from = boxes.find(({ picked }) => picked) ?? own[0];
  const lines = from ? rings.filter(({ score }) => score).map((to) => ({ from, to, far: to.far, score: to.score })) : [];
  return { marks: [...rings, ...boxes, ...own], lines };
}
