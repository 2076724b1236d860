// Kernels that slide along one, two or three axes, a card each, and one player for all of them.
// Where a kernel stands and which output cell it writes come from Python; here it is only drawn and played.

const ICONS = { back: "M12 2v12L4 8z", play: "M4 2l10 6-10 6z", pause: "M4 2h3v12H4zM9 2h3v12H9z", forward: "M4 2v12l8-6z" };
const SPEEDS = [0.5, 1, 2, 4]; // steps a second
const WIDTH = 300, HEIGHT = 214, LARGEST_UNIT = 27; // of a drawing, in its own units; a unit is one cell
const CAPTION = 24, SLICE_NAME = 13, ARROW = 28, BETWEEN = 36; // room for a name above, an arrow beside, and from input to output
// Where one step along the width, the height and the depth leads on the screen. What has no depth is seen face on;
// slices stand side by side and are seen aslant, so that no cell hides behind another.
const FACE_ON = { x: [1, 0], y: [0, 1], z: [0, 0] };
const ASLANT = { x: [0.55, 0.22], y: [0, 1], z: [1.4, -0.28] };

const BOARDS = new WeakMap();

export default function ({ data, parentElement }) {
  if (!BOARDS.has(parentElement)) BOARDS.set(parentElement, new Board(parentElement));
  const board = BOARDS.get(parentElement);
  board.update(data);
  return () => board.close();
}

/** The SVG element `tag` with these attributes. */
function shape(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function icon(name) {
  return shape("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, shape("path", { d: ICONS[name] }));
}

/** Places in a block of cells as points of the drawing. */
class Projection {
  constructor(view, unit, origin = [0, 0]) { Object.assign(this, { view, unit, origin }); }

  /** How far (z, y, x) leads. */
  along([z, y, x]) {
    return [0, 1].map((i) => this.unit * (x * this.view.x[i] + y * this.view.y[i] + z * this.view.z[i]));
  }

  point(place) { return this.along(place).map((value, i) => value + this.origin[i]); }

  /** The face of height x width cells whose first corner is at (z, y, x), drawn in by `inset` of a cell. */
  face([z, y, x], height, width, inset = 0) {
    const [top, bottom, left, right] = [y + inset, y + height - inset, x + inset, x + width - inset];
    const corners = [[top, left], [top, right], [bottom, right], [bottom, left]];
    return corners.map(([row, column]) => this.point([z, row, column]).map((value) => value.toFixed(2)).join()).join(" ");
  }

  /** [left, top, right, bottom] of a block. */
  bounds([depth, height, width]) {
    const ends = [0, depth - 1].flatMap((z) => [0, height].flatMap((y) => [0, width].map((x) => this.point([z, y, x]))));
    const across = ends.map(([x]) => x), down = ends.map(([, y]) => y);
    return [Math.min(...across), Math.min(...down), Math.max(...across), Math.max(...down)];
  }
}

/** One case: its drawing, what it is called, and where its kernel stands. */
class Card {
  constructor(card, labels, position, look) {
    Object.assign(this, { card, labels, look, position: 0, whole: true });
    this.svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": `${card.title}: ${card.verdict}` });
    this.arrange();
    this.drawInput();
    this.drawKernel();
    this.drawOutput();
    this.root = element("section", { class: "card", "aria-label": card.title },
      element("div", { class: "head" }, element("span", { class: "title", textContent: card.title }), element("span", { class: "verdict", textContent: card.verdict })),
      this.svg, element("dl", {}, ...card.facts.flatMap((fact) => this.fact(fact))));
    this.show(Math.min(position, this.count - 1), true);
  }

  get count() { return this.card.positions.length; }

  fact({ role, name, value, note }) {
    return [element("dt", { textContent: name }),
      element("dd", { class: role }, element("span", { class: "value", textContent: value }), " ", element("span", { class: "note", textContent: note }))];
  }

  /** Input and output side by side, or under each other where the input is wide and low; the cells as large as fits. */
  arrange() {
    const { input, kernel, output } = this.card, view = input[0] > 1 ? ASLANT : FACE_ON;
    const under = input[2] > 6, size = (block, unit = 1) => new Projection(view, unit).bounds(block);
    const [a, b] = [size(input), size(output)], wide = (box) => box[2] - box[0], high = (box) => box[3] - box[1];
    const above = CAPTION + (this.card.slices.length ? SLICE_NAME : 0), room = [WIDTH - ARROW - 8, HEIGHT - above - ARROW];
    const unit = under
      ? Math.min(LARGEST_UNIT, room[0] / wide(a), (room[1] - CAPTION - 4) / (high(a) + high(b)))
      : Math.min(LARGEST_UNIT, (room[0] - BETWEEN) / (wide(a) + wide(b)), room[1] / high(a));
    this.input = new Projection(view, unit);
    this.output = new Projection(view, unit);
    const [p, q] = [size(input, unit), size(output, unit)];
    if (under) {
      const left = (WIDTH - wide(p)) / 2 + (this.card.channels.height ? ARROW / 2 : 0), free = HEIGHT - 2 * CAPTION - ARROW - high(p) - high(q);
      this.input.origin = [left - p[0], CAPTION + free / 2 - p[1]];
      this.output.origin = [left + ((kernel[2] - 1) / 2) * unit - q[0], HEIGHT - free / 2 - high(q) - q[1]];
    } else {
      const left = ARROW + (room[0] - wide(p) - wide(q) - BETWEEN) / 2;
      const middle = above + room[1] / 2;
      this.input.origin = [left - p[0], middle - (p[1] + p[3]) / 2];
      this.output.origin = [left + wide(p) + BETWEEN - q[0], middle - (q[1] + q[3]) / 2];
      this.svg.append(shape("path", { class: "leads", d: `M${left + wide(p) + BETWEEN / 2 - 8} ${middle}h16m-5 -5l5 5l-5 5` }));
    }
    this.name("input", this.input.bounds(input));
    this.name("output", this.output.bounds(output));
  }

  /** What a block is, above it. */
  name(role, [left, top, right]) {
    const aslant = this[role].view === ASLANT, above = role === "input" && this.card.slices.length ? SLICE_NAME : 0;
    const place = { x: aslant ? (left + right) / 2 : left, y: top - 9 - above, "text-anchor": aslant ? "middle" : "start" };
    this.svg.append(shape("text", { class: `name ${role}`, ...place }, `${this.labels[role]} `, shape("tspan", { class: "shape" }, this.card.shapes[role])));
  }

  drawInput() {
    const { input, slices } = this.card, [depth, height, width] = input, { input: projection } = this;
    this.scene = shape("g", { "aria-hidden": "true" });
    this.sheets = Array.from({ length: depth }, (_, z) => {
      const sheet = shape("g", { class: "sheet" });
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) sheet.append(shape("polygon", { points: projection.face([z, y, x], 1, 1, 0.04) }));
      return sheet;
    });
    this.scene.append(...[...this.sheets].reverse());
    this.svg.append(this.scene);
    slices.slice(0, depth).forEach((name, z) => {
      const [x, y] = projection.point([z, 0, 0]);
      this.svg.append(shape("text", { class: "slice", x: x + 1, y: y - 5, "aria-hidden": "true" }, name));
    });
    for (const [axis, word] of Object.entries(this.card.slides)) this.measure(axis, word, true);
    for (const [axis, word] of Object.entries(this.card.channels)) this.measure(axis, word, false);
  }

  /** Beside an axis of the input: an arrow where the kernel slides, a plain measure where it fills the axis. */
  measure(axis, word, slides) {
    const [depth, height, width] = this.card.input, { input: projection } = this, { unit } = projection;
    const ends = { width: [[0, height, 0], [0, height, width]], height: [[0, 0, 0], [0, height, 0]], depth: [[0, height, width], [depth - 1, height, width]] }[axis];
    const away = axis === "height" ? [-9, 0] : axis === "depth" ? [7, 9] : [0, 9];
    const [from, to] = ends.map((end) => projection.point(end).map((value, i) => value + away[i]));
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]), [right, down] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    const turn = (back, side) => `${(to[0] - back * right - side * down).toFixed(1)} ${(to[1] - back * down + side * right).toFixed(1)}`;
    const head = slides ? `M${turn(6, 4)}L${to.join(" ")}L${turn(6, -4)}` : `M${turn(0, 3)}L${turn(0, -3)}M${turn(length, 3)}L${turn(length, -3)}`;
    const text = shape("text", { x: (from[0] + to[0]) / 2, y: (from[1] + to[1]) / 2, "text-anchor": "middle" }, word);
    if (axis === "height") { text.classList.add("upright"); text.setAttribute("x", from[0] - 10); }
    else { text.setAttribute("y", (from[1] + to[1]) / 2 + 16); if (right < 0.99) text.setAttribute("x", (from[0] + to[0]) / 2 + (down > 0 ? -12 : 12)); }
    this.svg.append(shape("g", { class: `axis ${slides ? "slides" : "fills"}`, "aria-hidden": "true" }, shape("path", { d: `M${from.join(" ")}L${to.join(" ")}${head}` }), text));
  }

  /** A translucent box at the first place; moving it is a translation. */
  drawKernel() {
    const [depth, height, width] = this.card.kernel, { input: projection } = this;
    this.kernel = shape("g", { class: "kernel" });
    for (let z = depth - 1; z >= 0; z--) {
      this.kernel.append(shape("polygon", { points: projection.face([z, 0, 0], height, width, -0.02) }));
      if (!z) break;
      for (const [y, x] of [[0, 0], [0, width], [height, 0], [height, width]]) {
        const [[x1, y1], [x2, y2]] = [projection.point([z, y, x]), projection.point([z - 1, y, x])];
        this.kernel.append(shape("line", { x1, y1, x2, y2 }));
      }
    }
    this.scene.append(this.kernel);
  }

  drawOutput() {
    const cells = this.card.positions.map(([, [z, y, x]], at) => {
      const cell = shape("g", { class: "out", role: "button", tabindex: -1, "aria-label": `${this.labels.output} [${this.card.names[at].join(", ")}]` },
        shape("polygon", { points: this.output.face([z, y, x], 1, 1, 0.05) }));
      cell.onpointerenter = cell.onfocus = cell.onclick = () => this.look(this, at);
      cell.onkeydown = (event) => this.key(event, at);
      return cell;
    });
    this.cells = cells;
    this.svg.append(shape("g", {}, ...[...cells].reverse())); // the last slice is the farthest
  }

  /** Put the kernel at a position. `whole`: the output is there already; otherwise only what is computed so far. */
  show(position, whole) {
    Object.assign(this, { position, whole });
    const [[z, y, x]] = this.card.positions[position], [right, down] = this.input.along([z, y, x]);
    this.kernel.style.transform = `translate(${right}px, ${down}px)`;
    // Slices in front of the kernel are painted after it. It stays in its place, or its movement would break off.
    if (z !== this.slice) {
      this.slice = z;
      this.kernel.before(...this.sheets.slice(z).reverse());
      this.kernel.after(...this.sheets.slice(0, z).reverse());
      this.sheets.forEach((sheet, at) => sheet.classList.toggle("front", at < z));
    }
    this.cells.forEach((cell, at) => {
      cell.classList.toggle("later", !whole && at > position);
      cell.classList.toggle("active", at === position);
      cell.setAttribute("aria-pressed", String(at === position));
      cell.setAttribute("tabindex", at === position ? 0 : -1);
    });
  }

  key(event, at) {
    const [, height, width] = this.card.output;
    const move = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: width, ArrowUp: -width, PageDown: width * height, PageUp: -width * height }[event.key];
    if (!move) return;
    event.preventDefault();
    this.cells[at + move]?.focus();
  }
}

class Board {
  constructor(parent) {
    this.cards = [];
    this.grid = element("div", { class: "cards" });
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.still.onchange = () => { this.pause(); this.name(); };
    this.root = element("div", { class: "puddle kernels", onkeydown: (event) => this.key(event) }, this.grid, this.player());
    parent.append(this.root);
  }

  close() {
    this.pause();
    this.still.onchange = null;
  }

  update(data) {
    const said = JSON.stringify(data);
    if (said === this.said) return;
    Object.assign(this, { said, data });
    for (const [name, colour] of Object.entries(data.colours)) this.root.style.setProperty(name, colour);
    const stood = new Map(this.cards.map((card) => [card.card.key, card.position]));
    this.cards = data.cards.map((card) => new Card(card, data.labels, stood.get(card.key) ?? 0, (...at) => this.look(...at)));
    this.grid.replaceChildren(...this.cards.map((card) => card.root));
    this.longest = this.cards.reduce((long, card) => (card.count > long.count ? card : long));
    this.scrub.max = this.longest.count - 1;
    this.pause();
    this.name();
    this.count();
  }

  look(card, position) {
    this.pause();
    card.show(position, true);
    this.count();
  }

  // ---- playing

  player() {
    const button = (name, act) => element("button", { class: "tool", type: "button", onclick: act }, icon(name));
    this.buttons = { back: button("back", () => this.go(-1)), play: button("play", () => this.toggle()), forward: button("forward", () => this.go(1)) };
    this.scrub = element("input", { type: "range", min: 0, value: 0, step: 1, oninput: () => this.jump(Number(this.scrub.value)) });
    this.counter = element("span", { class: "count" });
    this.speed = element("select", { onchange: () => { if (this.timer) { this.pause(); this.play(); } } },
      ...SPEEDS.map((speed) => element("option", { value: speed, textContent: `${speed}×`, selected: speed === 2 })));
    return element("div", { class: "player" }, ...Object.values(this.buttons), this.scrub, this.counter, this.speed);
  }

  /** Every kernel goes on by so many positions, each round its own loop. */
  go(by, playing = false) {
    if (!playing) this.pause();
    for (const card of this.cards) card.show((card.position + by + card.count) % card.count, false);
    this.count();
  }

  jump(position) {
    this.pause();
    for (const card of this.cards) card.show(position % card.count, false);
    this.count();
  }

  count() {
    setSlider(this.scrub, this.longest.position);
    this.counter.textContent = this.data.labels.step.replace("{step}", this.longest.position + 1).replace("{steps}", this.longest.count);
  }

  toggle() { this.timer ? this.pause() : this.play(); }

  /** Whoever asked for less motion walks step by step. */
  play() {
    if (this.still.matches) return void this.go(1);
    const pace = 1000 / Number(this.speed.value);
    this.root.style.setProperty("--slide", `${Math.min(450, 0.6 * pace)}ms`);
    if (this.cards.every((card) => card.whole)) for (const card of this.cards) card.show(card.position, false);
    this.timer = setInterval(() => this.go(1, true), pace);
    this.name();
  }

  pause() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.name();
  }

  /** Buttons say what they do, in the learner's language. */
  name() {
    const { labels } = this.data, playing = Boolean(this.timer);
    this.buttons.play.replaceChildren(icon(playing ? "pause" : "play"));
    this.buttons.play.hidden = this.speed.hidden = this.still.matches;
    for (const [name, button] of Object.entries(this.buttons)) button.title = labels[name === "play" && playing ? "pause" : name];
    for (const button of Object.values(this.buttons)) button.setAttribute("aria-label", button.title);
    this.scrub.setAttribute("aria-label", labels.scrub);
    this.speed.setAttribute("aria-label", labels.speed);
  }

  key(event) {
    if (event.key === " " && /^(BUTTON|SELECT)$/.test(event.target.tagName)) return; // theirs
    const act = { " ": () => this.toggle(), "[": () => this.go(-1), "]": () => this.go(1) }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }
}
