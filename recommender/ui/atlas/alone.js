// The picture in a page of its own, which needs no network: what it holds stands in the page.
const held = (id) => document.getElementById(id).textContent;
const bytes = (id) => Uint8Array.from(atob(held(id)), (char) => char.charCodeAt(0));
const atlas = new Atlas(document.querySelector(".atlas"), new Picture(unpack(bytes("picture"))), {});
atlas.update(JSON.parse(held("now")));
const said = unpack(bytes("titles"));
Promise.all([lines(said.titles), lines(said.dates)]).then((read) => atlas.setTitles(...read));
