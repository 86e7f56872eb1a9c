// What stands beside the points in HTML: buttons, the legend, the text for the one that is pointed at.
function element(tag, properties = {}, children = []) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

const ICONS = {
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  home: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  move: "M12 3v18M3 12h18M12 3l-3 3M12 3l3 3M12 21l-3-3M12 21l3-3M3 12l3-3M3 12l3 3M21 12l-3-3M21 12l-3 3",
  box: "M5 5h3M11 5h2M16 5h3v3M19 11v2M19 16v3h-3M13 19h-2M8 19H5v-3M5 13v-2M5 8V5",
  lasso: "M7 15c-3-2-4-6 0-9s12-2 13 2-4 7-9 7-4 3-3 5 0 2-2 1",
};

function iconButton(name, label, act) {
  const icon = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, [svg("path", { d: ICONS[name] })]);
  const button = element("button", { type: "button", title: label, onclick: act, className: `atlas-${name}` }, [icon]);
  button.setAttribute("aria-label", label);
  return button;
}

function tools(atlas) {
  const { labels } = atlas.picture;
  const modes = ["move", ...(atlas.act.select ? ["box", "lasso"] : [])].map((mode) => {
    const button = iconButton(mode, labels[mode], () => atlas.setMode(mode));
    button.setAttribute("aria-pressed", String(mode === "move"));
    return button;
  });
  const zooms = [
    iconButton("plus", labels.zoom_in, () => atlas.view.zoomBy(1.6)),
    iconButton("minus", labels.zoom_out, () => atlas.view.zoomBy(1 / 1.6)),
    iconButton("home", labels.reset, () => atlas.view.reset()),
  ];
  const group = (children) => element("div", { className: "atlas-tools-group" }, children);
  return element("div", { className: "atlas-tools" }, [group(zooms), ...(modes.length > 1 ? [group(modes)] : [])]);
}

function chip(text, className, isPressed, act) {
  const button = element("button", { type: "button", className: `atlas-chip ${className}`, onclick: act }, [
    element("i"),
    element("span", { textContent: text }),
  ]);
  button.setAttribute("aria-pressed", String(isPressed));
  return button;
}

// A chip for each broad theme, and for the fine ones of that which is looked at; others say what shapes mean.
function legend(atlas) {
  const { picture, only, act } = atlas;
  const { labels } = picture;
  const open = picture.byNumber.get(only)?.parent >= 0 ? picture.byNumber.get(only).parent : only;
  const chips = [];
  for (const theme of picture.broadThemes) {
    const of = (each, words) => `${picture.name(each.number, words)} ${each.size.toLocaleString()}`;
    const made = chip(of(theme, 3), "broad", only === theme.number, () => atlas.filter(theme.number));
    made.style.setProperty("--hue", atlas.palette[picture.hues.get(theme.number)]);
    chips.push(made);
    if (theme.number !== open) continue;
    for (const fine of picture.themes.filter((each) => each.parent === theme.number)) {
      const inner = chip(of(fine, 2), "fine", only === fine.number, () => atlas.filter(fine.number));
      inner.style.setProperty("--hue", atlas.palette[picture.hues.get(theme.number)]);
      chips.push(inner);
    }
  }
  const none = picture.n - picture.broadThemes.reduce((sum, theme) => sum + theme.size, 0);
  if (none > 0) {
    chips.push(chip(`${labels.none} ${none.toLocaleString()}`, "none", only === -1, () => atlas.filter(-1)));
    chips.at(-1).style.setProperty("--hue", atlas.palette[NONE]);
  }
  const trust = chip(labels.hollow, "hollow", atlas.hollow, () => atlas.setHollow(!atlas.hollow));
  const shown = { paragraph: "box", this: "diamond", line: "line", line_far: "line far" };
  const shapes = act.pick || atlas.now.paragraphs?.length ? Object.keys(shown) : [];
  const keys = shapes.map((name) =>
    element("span", { className: `atlas-key ${shown[name]}` }, [element("i"), element("span", { textContent: labels[name] })]),
  );
  const group = (label, children) => {
    const node = element("div", { className: "atlas-legend-part", role: "group" }, children);
    node.setAttribute("aria-label", label);
    return node;
  };
  return [group(labels.themes, chips), group(labels.signs, [...keys, trust])];
}

// How much is found and chosen, and a button that chooses what is found, or all of the theme that is looked at.
function status(atlas) {
  const { picture, found, chosen, only, act } = atlas;
  const { labels } = picture;
  const said = (text, n) => element("span", { textContent: text.replace("{n}", n.toLocaleString()) });
  const button = (textContent, rows) => element("button", { type: "button", textContent, onclick: () => atlas.choose(rows()) });
  const ofTheme = () => [...Array(picture.n).keys()].filter((row) => picture.belongs(row, only));
  const parts = [...(found ? [said(labels.found, found.size)] : []), ...(chosen.size ? [said(labels.chosen, chosen.size)] : [])];
  if (!act.select) return parts;
  if (found?.size) parts.push(button(labels.choose_found, () => [...found]));
  else if (only !== null) parts.push(button(labels.choose_theme, ofTheme));
  return parts;
}
