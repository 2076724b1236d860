// What a network in training looks like: progress, curves, kernels, maps, layers, mistakes. Everything keeps its place,
// and what has not changed since the last look is not drawn again: a look twice a second must leave the browser time.

const BOARDS = new WeakMap();
const SVG = "http://www.w3.org/2000/svg";
const WIDE = 360, HIGH = 190, LEFT = 44, RIGHT = 10, TOP = 8, BOTTOM = 30; // of a curve's drawing

export default function ({ data, parentElement }) {
  if (!BOARDS.has(parentElement)) BOARDS.set(parentElement, new Board(parentElement));
  BOARDS.get(parentElement).update(data);
}

class Board {
  constructor(parent) {
    this.root = element("div", { class: "puddle training-board" });
    parent.append(this.root);
    this.parts = new Map();
    this.hovered = null;
  }

  update(data) {
    for (const [name, colour] of Object.entries(data.colours)) this.root.style.setProperty(name, colour);
    const wanted = [];
    const show = (name, make, draw) => {
      if (!(name in data)) return;
      if (!this.parts.has(name)) this.parts.set(name, make());
      const part = this.parts.get(name);
      draw(part, data[name]);
      wanted.push(part.node);
    };
    show("progress", progress, drawProgress);
    show("loss", () => curve(this), drawCurve);
    show("accuracy", () => curve(this), drawCurve);
    show("kernels", strips, drawStrips);
    show("digit", digit, drawDigit);
    show("maps", () => strips("wide"), drawStrips);
    show("layers", layers, drawLayers);
    show("judgement", judgement, drawJudgement);
    if (wanted.length !== this.root.children.length || wanted.some((node, at) => this.root.children[at] !== node)) this.root.replaceChildren(...wanted);
  }

  /** Both curves point at the same step. */
  hover(share) {
    this.hovered = share;
    for (const name of ["loss", "accuracy"]) this.parts.get(name)?.point?.(share);
  }
}

// ------------------------------------------------------------------------------------------------------------ progress

function progress() {
  const words = element("div", { class: "words" }), bar = element("div", { class: "bar" });
  const track = element("div", { class: "track", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" }, bar);
  return { node: element("section", { class: "progress wide" }, words, track), words, track, bar };
}

function drawProgress(part, data) {
  part.words.replaceChildren(element("strong", {}, data.state), ...data.facts.map((fact) => element("span", {}, fact)));
  part.bar.style.width = `${100 * data.share}%`;
  part.track.setAttribute("aria-valuenow", String(Math.round(100 * data.share)));
  part.track.setAttribute("aria-label", data.label);
}

// -------------------------------------------------------------------------------------------------------------- curves

function curve(board) {
  const drawing = shape("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img" });
  const heading = element("figcaption"), legend = element("div", { class: "legend" });
  const part = { node: element("figure", { class: "curve" }, heading, drawing, legend), drawing, heading, legend };
  const share = (event) => {
    const box = drawing.getBoundingClientRect(), at = ((event.clientX - box.left) / box.width) * WIDE;
    return (at - LEFT) / (WIDE - LEFT - RIGHT);
  };
  drawing.onpointermove = (event) => board.hover(share(event));
  drawing.onpointerleave = () => board.hover(null);
  part.point = (at) => point(part, at);
  part.board = board;
  return part;
}

function drawCurve(part, data) {
  part.data = data;
  part.heading.replaceChildren(element("span", { class: "name" }, data.name));
  part.drawing.setAttribute("aria-label", data.described);
  const [low, high] = range(data);
  const scale = data.log ? Math.log : (value) => value;
  part.x = (step) => LEFT + (WIDE - LEFT - RIGHT) * Math.min(1, step / data.steps);
  part.y = (value) => TOP + (HIGH - TOP - BOTTOM) * Math.min(1, Math.max(0, (scale(high) - scale(value)) / (scale(high) - scale(low))));
  const lines = ticks(low, high, data.log).flatMap(([value, words]) => [
    shape("path", { class: "rule", d: `M${LEFT} ${part.y(value)}H${WIDE - RIGHT}` }),
    text(LEFT - 6, part.y(value) + 4, words, "end"),
  ]);
  const below = [0, data.steps / 2, data.steps].map((step, at) => text(part.x(step), HIGH - BOTTOM + 15, Math.round(step).toLocaleString("en"), ["start", "middle", "end"][at]));
  const drawn = data.series.filter((series) => series.x.length).flatMap((series) => [
    shape("polyline", { class: `line ${series.tone}`, points: series.x.map((step, at) => `${part.x(step).toFixed(1)},${part.y(series.y[at]).toFixed(1)}`).join(" ") }),
    ...(series.dots || series.x.length === 1 ? series.x.map((step, at) => shape("circle", { class: `dot ${series.tone}`, r: 2.6, cx: part.x(step), cy: part.y(series.y[at]) })) : []),
  ]);
  const axis = text(LEFT + (WIDE - LEFT - RIGHT) / 2, HIGH - 3, data.x_name, "middle");
  part.cursor = shape("path", { class: "cursor" });
  const here = "at" in data ? [shape("path", { class: "here", d: `M${part.x(data.at)} ${TOP}V${HIGH - BOTTOM}` })] : [];
  part.drawing.replaceChildren(...lines, ...below, axis, ...here, ...drawn, part.cursor);
  point(part, part.board.hovered);
}

/** A vertical line at a share of the run, and the values there; without one, the latest values. */
function point(part, share) {
  const { data } = part, inside = share !== null && share >= 0 && share <= 1;
  part.cursor.setAttribute("d", inside ? `M${LEFT + (WIDE - LEFT - RIGHT) * share} ${TOP}V${HIGH - BOTTOM}` : "");
  const step = inside ? share * data.steps : Infinity;
  part.legend.replaceChildren(...data.series.map((series) => {
    let at = series.x.length - 1;
    while (at > 0 && series.x[at] > step) at -= 1;
    const value = at < 0 ? "–" : data.log ? series.y[at].toPrecision(3) : `${(100 * series.y[at]).toFixed(1)} %`;
    return element("span", { class: series.tone }, element("i"), `${series.name} `, element("b", {}, value));
  }));
}

function range(data) {
  if (!data.log) return [0, 1];
  const values = data.series.flatMap((series) => series.y).filter((value) => value > 0 && Number.isFinite(value));
  const low = Math.min(0.1, ...values), high = Math.max(3, ...values);
  return [10 ** Math.floor(Math.log10(low) + 1e-9), high * 1.1];
}

function ticks(low, high, log) {
  if (!log) return [0, 0.25, 0.5, 0.75, 1].map((value) => [value, `${100 * value}%`]);
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) found.push(10 ** power);
  const kept = found.filter((value, at) => found.length < 6 || at % Math.ceil(found.length / 5) === 0);
  return kept.map((value) => [value, value >= 1e4 || value < 1e-3 ? value.toExponential(0) : String(Number(value.toPrecision(1)))]);
}

function text(x, y, words, anchor) {
  const made = shape("text", { x, y, "text-anchor": anchor });
  made.textContent = words;
  return made;
}

function shape(name, properties = {}) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  return made;
}

// ------------------------------------------------------------------------------------- rows of small pictures: kernels, maps

function strips(width = "") {
  const heading = element("figcaption"), rows = element("div", { class: "rows" });
  return { node: element("figure", { class: `strips ${width}` }, heading, rows), heading, rows };
}

function drawStrips(part, data) {
  caption(part.heading, data);
  const rows = data.rows.map((row, at) => {
    const line = part.rows.children[at] ?? element("div", { class: "strip" }, element("span", { class: "label" }), element("div", { class: "tiles" }));
    line.dataset.role = row.role;
    line.firstChild.replaceChildren(element("b", {}, row.label), element("small", {}, row.shape));
    line.lastChild.style.setProperty("--count", row.count);
    tiles(line.lastChild, row);
    return line;
  });
  if (rows.length !== part.rows.children.length || rows.some((line, at) => part.rows.children[at] !== line)) part.rows.replaceChildren(...rows);
}

function tiles(parent, row) {
  if (!changed(parent, row.label + row.shape + row.pixels)) return;
  const pixels = bytes(row.pixels), size = row.height * row.width;
  while (parent.children.length > row.count) parent.lastChild.remove();
  while (parent.children.length < row.count) parent.append(element("canvas"));
  for (let at = 0; at < row.count; at += 1) {
    paintBoardTile(parent.children[at], pixels.subarray(at * size, (at + 1) * size), row.height, row.width, `${row.label} ${at + 1}`);
  }
}

function paintBoardTile(canvas, pixels, height, width, label) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  const context = canvas.getContext("2d"), image = context.createImageData(width, height), rgba = image.data;
  for (let at = 0; at < pixels.length; at += 1) {
    rgba[4 * at] = rgba[4 * at + 1] = rgba[4 * at + 2] = pixels[at];
    rgba[4 * at + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

const LATEST = new WeakMap();

/** Whether something else than this text was shown there at the last look. */
function changed(node, text) {
  if (LATEST.get(node) === text) return false;
  LATEST.set(node, text);
  return true;
}

function say(node, words) {
  if (changed(node, words)) node.textContent = words;
}

function bytes(encoded) {
  return Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
}

function caption(heading, data) {
  if (!changed(heading, data.name + data.note)) return;
  heading.replaceChildren(element("span", { class: "name" }, data.name), element("span", { class: "note" }, data.note ?? ""));
}

// ----------------------------------------------------------------------------------------------------------------- digit

function digit() {
  const heading = element("figcaption"), canvas = element("canvas", { class: "ink" }), chances = element("ol", { class: "chances" });
  return { node: element("figure", { class: "digit" }, heading, element("div", { class: "abreast" }, canvas, chances)), heading, canvas, chances };
}

function drawDigit(part, data) {
  caption(part.heading, data);
  if (changed(part.canvas, data.name + data.pixels)) paintBoardTile(part.canvas, bytes(data.pixels), 28, 28, data.name);
  const largest = Math.max(...data.chances.map((chance) => chance.share));
  while (part.chances.children.length < data.chances.length) part.chances.append(bar());
  data.chances.forEach((chance, at) => drawBar(part.chances.children[at], chance, chance.share === largest && largest > 0));
}

function bar() {
  return element("li", {}, element("span", { class: "label" }), element("div", { class: "track" }, element("div", { class: "bar" })), element("span", { class: "value" }));
}

function drawBar(line, data, most = false) {
  line.classList.toggle("most", most);
  say(line.children[0], data.label);
  line.children[1].firstChild.style.width = `${100 * data.share}%`;
  say(line.children[2], data.words);
}

// ---------------------------------------------------------------------------------------------------------------- layers

function layers() {
  const tables = [0, 1].map(() => {
    const heading = element("figcaption"), list = element("ol", { class: "chances" });
    return { node: element("div", {}, heading, list), heading, list };
  });
  return { node: element("figure", { class: "layers" }, ...tables.map((table) => table.node)), tables };
}

function drawLayers(part, data) {
  data.forEach((table, which) => {
    const { heading, list } = part.tables[which];
    caption(heading, table);
    while (list.children.length > table.bars.length) list.lastChild.remove();
    while (list.children.length < table.bars.length) list.append(bar());
    table.bars.forEach((item, at) => drawBar(list.children[at], item));
  });
}

// ------------------------------------------------------------------------------------------------- confusion and mistakes

function judgement() {
  const heading = element("figcaption"), matrix = element("div", { class: "confusion", role: "img" });
  const worst = element("figcaption"), list = element("div", { class: "mistakes" });
  return { node: element("figure", { class: "judgement" }, element("div", {}, heading, matrix), element("div", {}, worst, list)), heading, matrix, worst, list };
}

function drawJudgement(part, data) {
  if (!changed(part.node, JSON.stringify(data))) return;
  caption(part.heading, data.confusion);
  caption(part.worst, data.mistakes);
  part.matrix.setAttribute("aria-label", data.confusion.described);
  if (!part.matrix.children.length) {
    const names = [...Array(10).keys()].map((name) => element("span", { class: "head" }, String(name)));
    part.matrix.append(element("span", { class: "head" }), ...names);
    for (let row = 0; row < 10; row += 1) part.matrix.append(element("span", { class: "head" }, String(row)), ...[...Array(10)].map(() => element("span", { class: "count" })));
  }
  const largest = Math.max(1, ...data.confusion.counts.flatMap((row, at) => row.filter((_, column) => column !== at)));
  data.confusion.counts.forEach((row, at) => row.forEach((count, column) => {
    const cell = part.matrix.children[11 * (at + 1) + column + 1];
    cell.textContent = count || "";
    cell.classList.toggle("right", at === column);
    cell.style.setProperty("--share", `${at === column ? 100 * count / Math.max(1, ...row) : 100 * count / largest}%`);
  }));
  const shown = part.list.children;
  while (shown.length < data.mistakes.places) part.list.append(element("div", { class: "mistake" }, element("canvas"), element("span")));
  for (let at = 0; at < data.mistakes.places; at += 1) {
    const mistake = data.mistakes.digits[at];
    shown[at].classList.toggle("none", !mistake);
    if (mistake) paintBoardTile(shown[at].firstChild, bytes(mistake.pixels), 28, 28, mistake.words);
    shown[at].lastChild.textContent = mistake?.words ?? "";
    shown[at].title = mistake?.described ?? "";
  }
}
