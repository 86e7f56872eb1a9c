// What the page has to say to the picture while it stays. Each part of it is a component of its own, so that what is
// large is sent once: the browser keeps a message of Streamlit's as long as it stays the same.
export default function ({ data, setTriggerValue }) {
  const said = data instanceof Uint8Array ? unpack(data) : data;
  const posts = (window.atlasPosts ??= new Map());
  posts.set(said.part, said);
  dispatchEvent(new CustomEvent("atlas-post", { detail: said.part }));
  const ask = ({ detail }) => setTriggerValue("pointed", detail);
  if (said.part === "sentence") addEventListener("atlas-point", ask);
  return () => {
    removeEventListener("atlas-point", ask);
    if (posts.get(said.part) === said) posts.delete(said.part);
  };
}
