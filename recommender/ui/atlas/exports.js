// The picture as it is seen now, as a file.
function save(name, blob) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function overlayOf(atlas) {
  const copy = atlas.overlay.root.cloneNode(true);
  copy.setAttribute("xmlns", SVG);
  for (const node of copy.querySelectorAll("[tabindex]")) node.removeAttribute("tabindex");
  return copy;
}

function toSvg(atlas) {
  const { picture, points, view } = atlas;
  const { sheet } = view;
  const root = overlayOf(atlas);
  const radius = points.radius(view.k);
  const dots = [FADED, PLAIN, LIT].map((state) => svg("g", { opacity: state === FADED ? 0.1 : 0.78 }));
  for (const row of view.rows()) {
    const [x, y] = view.transform.apply(sheet.on(picture.x[row], picture.y[row]));
    const state = points.state(row);
    const dot = svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: (state === LIT ? radius * 1.15 + 0.7 : radius).toFixed(1) });
    const hue = atlas.palette[picture.hue(row)];
    const isHollow = atlas.hollow && !picture.trusts(row);
    dot.setAttribute("fill", isHollow ? "none" : hue);
    if (isHollow) dot.setAttribute("stroke", hue);
    if (picture.titles[row]) dot.append(svg("title", {}, [picture.titles[row]]));
    dots[[FADED, PLAIN, LIT].indexOf(state)].append(dot);
  }
  const paper = svg("rect", { width: sheet.width, height: sheet.height, fill: atlas.colours.paper });
  root.querySelector("style").after(paper, ...dots);
  return new XMLSerializer().serializeToString(root);
}

// Twice as fine as on the screen.
async function toPng(atlas) {
  const { points, view } = atlas;
  const { sheet } = view;
  const canvas = element("canvas", { width: 2 * sheet.width, height: 2 * sheet.height });
  const drawing = canvas.getContext("2d");
  drawing.fillStyle = atlas.colours.paper;
  drawing.fillRect(0, 0, canvas.width, canvas.height);
  const { ratio } = points;
  points.resize(sheet.width, sheet.height, 2);
  points.draw({ sheet, transform: view.transform, isMoving: false }, atlas.hollow);
  drawing.drawImage(points.canvas, 0, 0);
  points.resize(sheet.width, sheet.height, ratio);
  atlas.redraw();
  const over = new Image(2 * sheet.width, 2 * sheet.height);
  const root = overlayOf(atlas);
  root.setAttribute("viewBox", `0 0 ${sheet.width} ${sheet.height}`);
  root.setAttribute("width", 2 * sheet.width);
  root.setAttribute("height", 2 * sheet.height);
  over.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(root))}`;
  await over.decode();
  drawing.drawImage(over, 0, 0);
  return new Promise((done) => canvas.toBlob(done));
}

function exportButtons(atlas) {
  const { labels } = atlas.picture;
  const button = (textContent, onclick) => element("button", { type: "button", textContent, onclick });
  return element("div", { className: "atlas-exports" }, [
    button(labels.svg, () => save(`${labels.file}.svg`, new Blob([toSvg(atlas)], { type: "image/svg+xml" }))),
    button(labels.png, async () => save(`${labels.file}.png`, await toPng(atlas))),
  ]);
}
