// What Python packs: the length of a header (4 bytes), the header as JSON, then arrays, each from a multiple of 4 on.
function unpack(bytes) {
  const whole = bytes.slice().buffer; // aligned
  const length = new Uint32Array(whole, 0, 1)[0];
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(whole, 4, length)));
  const kinds = { u1: Uint8Array, i2: Int16Array, u2: Uint16Array, u4: Uint32Array };
  let at = 4 + length;
  for (const [name, kind, count] of header.arrays) {
    header[name] = new kinds[kind](whole, at, count);
    at += Math.ceil(header[name].byteLength / 4) * 4;
  }
  return header;
}

async function lines(zipped) {
  const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(stream).text()).split("\n");
}
