// The picture as a component of the page. What changes while it stays comes from others by post: see post.js.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = element("div", { className: "atlas" });
  parentElement.querySelector(".atlas")?.remove();
  parentElement.append(root);
  const atlas = new Atlas(root, new Picture(unpack(data)), {
    pick: (mark) => setTriggerValue("picked", mark),
    select: (numbers) => setTriggerValue("chosen", numbers),
    only: (theme) => setTriggerValue("only", { theme }),
    point: (number) => dispatchEvent(new CustomEvent("atlas-point", { detail: number })),
  });
  atlas.foot.append(exportButtons(atlas));
  const open = {
    now: (said) => atlas.update(said),
    titles: async (said) => {
      const [titles, dates] = await Promise.all([lines(said.titles), lines(said.dates)]);
      if (said.of === atlas.picture.stamp) atlas.setTitles(titles, dates);
    },
    chosen: (said) => atlas.setChosen([...said.numbers]),
    sentence: (said) => atlas.tip.say(said.number, said.text),
  };
  const posts = (window.atlasPosts ??= new Map());
  const read = ({ detail: part }) => open[part](posts.get(part));
  addEventListener("atlas-post", read);
  for (const part of posts.keys()) read({ detail: part });
  return () => {
    removeEventListener("atlas-post", read);
    atlas.destroy();
  };
}
