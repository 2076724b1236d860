// Arrays as small pictures: a byte a value, 128 is zero, below it negative, in the colours of the theme.

/** The 256 colours from one below zero to one above, `above` and `below` being names of CSS variables. */
function tileTones(colours, above, below = "--negative-soft") {
  const parts = (name) => colours[name].match(/\w\w/g).map((pair) => parseInt(pair, 16));
  const zero = parts("--cell"), ends = [parts(below), parts(above)];
  return Array.from({ length: 256 }, (_, value) => {
    const share = Math.min(1, Math.abs(value - 128) / 127), end = ends[Number(value >= 128)];
    return zero.map((from, at) => Math.round(from + (end[at] - from) * share));
  });
}

/** The bytes of a text in base 64. */
function tileBytes(text) { return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)); }

/** Paint `rows` x `columns` values, beginning at the byte `from`. */
function paintTile(canvas, values, from, rows, columns, palette) {
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d"), picture = context.createImageData(columns, rows);
  for (let at = 0; at < rows * columns; at++) picture.data.set([...palette[values[from + at]], 255], 4 * at);
  context.putImageData(picture, 0, 0);
}
