// The Neocognitron on one board. The frame on the retina follows the pointer here at once; Python hears where it is and
// sends the picture, the planes and the answers. Nothing is computed here.

const ICONS = {
  first: "M3 2h2v12H3zM14 2v12L6 8z", back: "M12 2v12L4 8z", play: "M4 2l10 6-10 6z", pause: "M4 2h3v12H4zM9 2h3v12H9z",
  forward: "M4 2v12l8-6z", last: "M11 2h2v12h-2zM2 2v12l8-6z",
};
const SPEEDS = [1, 2, 4, 8]; // presentations a second
const NARROW = 540; // pixels
const TILES = [34, 24, 22, 18, 13, 13]; // of a plane in each layer, where the board is WIDE; larger boards have larger ones
const WIDE = 640, GAP = 3, SMALLEST = 11;
const PATIENCE = 700; // milliseconds to wait for an answer before the next place is sent all the same
const STEP = 0.5; // pixels that a key moves a corner; the shape moves by one, with shift by STEP

const BOARDS = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!BOARDS.has(parentElement)) BOARDS.set(parentElement, new Board(parentElement));
  const board = BOARDS.get(parentElement);
  board.trigger = setTriggerValue;
  board.update(data);
  return () => board.close();
}

function icon(name) {
  const svg = drawn("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  svg.append(drawn("path", { d: ICONS[name] }));
  return svg;
}

function drawn(name, properties = {}) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  return made;
}

function bytes(encoded) {
  return Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
}

function rgb(colour) {
  return colour.match(/\w\w/g).slice(0, 3).map((pair) => parseInt(pair, 16));
}

/** 256 colours from the empty cell by the soft tone to the strong one. */
function scale(...stops) {
  const [empty, soft, strong] = stops.map(rgb);
  return Array.from({ length: 256 }, (_, at) => {
    const share = at / 255, [from, to, along] = share < 0.5 ? [empty, soft, share * 2] : [soft, strong, share * 2 - 1];
    return from.map((value, channel) => Math.round(value + (to[channel] - value) * along));
  });
}

/** A canvas of its own size with these pixels. */
function painted(canvas, pixels, size, colours) {
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const context = canvas.getContext("2d"), image = context.createImageData(size, size);
  for (let at = 0; at < size * size; at++) image.data.set([...colours[pixels[at]], 255], 4 * at);
  context.putImageData(image, 0, 0);
  return canvas;
}

/** "S1" with its letter in front and below: U_S1, as in the paper. */
function symbol(name) {
  return [element("i", {}, "U"), element("sub", {}, name)];
}

class Board {
  constructor(parent) {
    this.root = element("div", { class: "puddle neocognitron" });
    this.retina = new Retina(this);
    this.answers = element("section", { class: "answers" }, element("div", { class: "title" }, element("b")), element("ol"), element("p", { class: "verdict", "aria-live": "polite" }));
    this.layers = [];
    this.planes = element("div", { class: "layers" });
    this.lens = element("div", { class: "lens", hidden: true }, element("canvas"), element("div"));
    this.spare = document.createElement("canvas");
    this.root.append(element("div", { class: "upper" }, this.retina.figure, this.answers), this.planes, this.player());
    parent.append(this.root);
    this.resize = new ResizeObserver(() => this.data && this.width !== this.root.clientWidth && this.draw());
    this.resize.observe(this.root);
  }

  close() {
    this.pause();
    this.resize.disconnect();
  }

  update(data) {
    this.data = data;
    this.resize.observe(this.root);
    for (const [name, colour] of Object.entries(data.colours)) this.root.style.setProperty(name, colour);
    const { colours } = data, tone = (name) => scale(colours["--cell"], colours[`--${name}-soft`], colours[`--${name}`]);
    this.tones = { ink: scale(colours["--cell"], colours["--faint"], colours["--ink"]), s: tone("kernel"), c: tone("output") };
    this.retina.update(data);
    this.draw();
    this.drawAnswers();
    this.drawPlayer();
    if (this.lens.parentElement && this.looked) this.look(...this.looked);
    this.arrived();
  }

  /** An answer came: what waited is sent, and the player goes on. */
  arrived() {
    this.waiting = null;
    if (this.due) {
      const [event, value] = this.due;
      this.due = null;
      this.send(event, value);
    }
  }

  /** Tell Python, one thing at a time: while it answers, only the latest waits. */
  send(event, value) {
    if (this.waiting && Date.now() - this.waiting < PATIENCE) {
      this.due = [event, value];
      clearTimeout(this.late);
      this.late = setTimeout(() => this.due && this.arrived(), PATIENCE);
      return;
    }
    this.waiting = Date.now();
    this.trigger(event, value);
  }

  // ---- the planes

  draw() {
    const { data } = this;
    this.width = this.root.clientWidth;
    const narrow = this.width < NARROW;
    this.root.classList.toggle("narrow", narrow);
    if (this.layers.length !== data.layers.length) this.build();
    data.layers.forEach((layer, index) => this.drawLayer(this.layers[index], layer, index, narrow));
  }

  build() {
    this.layers = this.data.layers.map((_, index) => {
      const canvas = element("canvas", { tabIndex: 0, role: "img" }), title = element("figcaption", { class: "title" }, element("b"), element("span"), element("span"));
      const layer = { figure: element("figure", { class: "layer" }, title, canvas), canvas, title, plane: 0 };
      canvas.onpointermove = canvas.onpointerdown = (event) => this.point(index, event);
      canvas.onpointerleave = canvas.onblur = () => { this.looked = null; this.lens.hidden = true; };
      canvas.onkeydown = (event) => this.key(index, event);
      return layer;
    });
    this.planes.replaceChildren(...this.layers.map((layer) => layer.figure), this.lens);
  }

  drawLayer(view, layer, index, narrow) {
    const columns = narrow ? 12 : 4, rows = Math.ceil(layer.count / columns);
    const fit = narrow ? (this.width + GAP) / 12 - GAP : (TILES[0] * this.width) / WIDE;
    const tile = Math.max(SMALLEST, Math.floor((fit * TILES[index]) / TILES[0])), step = tile + GAP;
    Object.assign(view, { columns, tile, step, pixels: bytes(layer.pixels) });
    view.figure.className = `layer ${layer.kind}`;
    const [name, shape, most] = view.title.children;
    name.replaceChildren(...symbol(layer.name));
    shape.textContent = `${layer.count} × ${layer.size} × ${layer.size}`;
    most.textContent = `≤ ${this.digits(Math.max(...layer.tops))}`;
    view.canvas.setAttribute("aria-label", layer.described);
    const width = columns * step - GAP, height = rows * step - GAP, dense = Math.max(2, window.devicePixelRatio || 1);
    Object.assign(view.canvas.style, { width: `${width}px`, height: `${height}px` });
    [view.canvas.width, view.canvas.height] = [width * dense, height * dense];
    const context = view.canvas.getContext("2d");
    context.scale(dense, dense);
    context.imageSmoothingEnabled = false;
    for (let plane = 0; plane < layer.count; plane++) {
      const [x, y] = [(plane % columns) * step, Math.floor(plane / columns) * step];
      painted(this.spare, this.plane(view, layer, plane), layer.size, this.tones[layer.kind]);
      context.drawImage(this.spare, x, y, tile, tile);
      context.strokeStyle = this.data.colours["--line"];
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, tile - 1, tile - 1);
    }
    for (const mark of layer.marks) this.ring(context, view, layer, mark);
  }

  plane(view, layer, plane) {
    return view.pixels.subarray(plane * layer.size ** 2, (plane + 1) * layer.size ** 2);
  }

  /** A frame around the plane and a ring around the cell that was chosen. */
  ring(context, { columns, tile, step }, { size }, mark) {
    const [x, y] = [(mark.plane % columns) * step, Math.floor(mark.plane / columns) * step], cell = tile / size;
    context.strokeStyle = this.data.colours["--changed"];
    context.lineWidth = 1.5;
    context.strokeRect(x + 0.25, y + 0.25, tile - 0.5, tile - 0.5);
    if (size === 1) return context.strokeRect(x - 1, y - 1, tile + 2, tile + 2);
    context.beginPath();
    context.arc(x + (mark.column + 0.5) * cell, y + (mark.row + 0.5) * cell, Math.max(2.6, Math.min(cell * 0.55, tile / 4)), 0, 2 * Math.PI);
    context.stroke();
  }

  /** A plane under the pointer is shown large. */
  point(index, event) {
    const view = this.layers[index], box = view.canvas.getBoundingClientRect();
    const column = Math.min(view.columns - 1, Math.floor((event.clientX - box.left) / view.step)), row = Math.floor((event.clientY - box.top) / view.step);
    const plane = row * view.columns + column;
    if (plane >= 0 && plane < this.data.layers[index].count) this.look(index, plane);
  }

  key(index, event) {
    const view = this.layers[index], moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -view.columns, ArrowDown: view.columns }[event.key];
    if (event.key === "Escape") { this.looked = null; this.lens.hidden = true; }
    if (!moves) return;
    event.preventDefault();
    this.look(index, Math.max(0, Math.min(this.data.layers[index].count - 1, this.lens.hidden ? view.plane : view.plane + moves)));
  }

  look(index, plane) {
    const view = this.layers[index], layer = this.data.layers[index], { labels } = this.data;
    [view.plane, this.looked] = [plane, [index, plane]];
    const [canvas, words] = this.lens.children, large = 288;
    [canvas.width, canvas.height] = [large, large];
    const context = canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(painted(this.spare, this.plane(view, layer, plane), layer.size, this.tones[layer.kind]), 0, 0, large, large);
    const mark = layer.marks.find((at) => at.plane === plane);
    if (mark) {
      const cell = large / layer.size;
      context.strokeStyle = this.data.colours["--changed"];
      context.lineWidth = 6;
      context.strokeRect(mark.column * cell, mark.row * cell, cell, cell);
    }
    words.replaceChildren(element("b", {}, ...symbol(layer.name)), ` · ${labels.plane} ${plane + 1}`, element("br"), `${labels.largest} ${this.digits(layer.tops[plane])}`, ...(mark ? [element("br"), `${labels.chosen} (${mark.row}, ${mark.column})`] : []));
    this.lens.hidden = false;
    const board = this.planes.getBoundingClientRect(), box = view.canvas.getBoundingClientRect(), wide = this.lens.offsetWidth;
    const x = box.left - board.left + (plane % view.columns) * view.step, y = box.top - board.top + Math.floor(plane / view.columns) * view.step;
    const beside = x + view.tile + 10 + wide <= this.width ? x + view.tile + 10 : x - wide - 10;
    this.lens.style.left = `${Math.max(0, Math.min(beside, this.width - wide))}px`;
    this.lens.style.top = `${beside < 0 ? y + view.tile + 8 : y - 40}px`;
  }

  digits(value) { return value && value < 0.01 ? value.toExponential(0).replace("e-", "·10⁻").replace(/\d+$/, (power) => [...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")) : written(value); }

  // ---- the answers

  drawAnswers() {
    const { data } = this, [title, list, verdict] = this.answers.children;
    title.firstChild.textContent = data.labels.answers;
    while (list.children.length < data.answers.length)
      list.append(element("li", {}, element("canvas", { role: "img" }), element("span", { class: "who" }), element("div", { class: "track" }, element("div", { class: "bar" })), element("span", { class: "value" })));
    data.answers.forEach((answer, at) => {
      const line = list.children[at], [canvas, cell, track, value] = line.children;
      painted(canvas, bytes(answer.shape), data.size, this.tones.ink);
      canvas.setAttribute("aria-label", answer.name);
      line.classList.toggle("largest", answer.largest);
      cell.textContent = answer.cell;
      track.firstChild.style.width = `${100 * answer.share}%`;
      value.textContent = answer.share < 0.005 ? "0" : answer.share.toFixed(2);
    });
    if (verdict.textContent !== data.verdict) verdict.textContent = data.verdict;
  }

  // ---- playing

  player() {
    const button = (name, act) => element("button", { class: "tool", type: "button", onclick: act }, icon(name));
    this.buttons = {
      first: button("first", () => this.go(0)), back: button("back", () => this.go(this.at() - 1)),
      play: button("play", () => (this.timer ? this.pause() : this.play())),
      forward: button("forward", () => this.go(this.at() + 1)), last: button("last", () => this.go(this.data.steps)),
    };
    this.scrub = element("input", { type: "range", min: 0, value: 0, step: 1, oninput: () => this.go(Number(this.scrub.value)) });
    this.counter = element("span", { class: "count" });
    this.speed = element("select", { onchange: () => this.timer && (this.pause(), this.play()) }, ...SPEEDS.map((speed) => element("option", { value: speed, textContent: `${speed}×`, selected: speed === 2 })));
    return element("div", { class: "player" }, ...Object.values(this.buttons), this.scrub, this.counter, this.speed);
  }

  drawPlayer() {
    const { data } = this, { labels } = data;
    if (this.asked === data.step || !this.waiting) this.asked = null;
    this.scrub.max = Math.max(1, data.steps);
    if (this.asked === null) setSlider(this.scrub, data.step);
    this.counter.textContent = data.counted;
    for (const part of [...Object.values(this.buttons), this.scrub, this.speed]) part.disabled = !data.steps;
    this.buttons.first.disabled = this.buttons.back.disabled = !data.steps || data.step === 0;
    this.buttons.last.disabled = this.buttons.forward.disabled = !data.steps || data.step === data.steps;
    this.buttons.play.replaceChildren(icon(this.timer ? "pause" : "play"));
    for (const [name, button] of Object.entries(this.buttons)) {
      button.title = labels[name === "play" && this.timer ? "pause" : name];
      button.setAttribute("aria-label", button.title);
    }
    this.scrub.setAttribute("aria-label", labels.scrub);
    this.speed.setAttribute("aria-label", labels.speed);
    if (this.timer && !data.steps) this.pause();
  }

  /** Where the player is: where it was asked to go, or where it is. */
  at() { return this.asked ?? this.data.step; }

  go(step, playing = false) {
    if (!playing) this.pause();
    const to = Math.max(0, Math.min(step, this.data.steps));
    if (to === this.at()) return;
    this.asked = to;
    setSlider(this.scrub, to);
    this.send("step", to);
  }

  play() {
    const again = this.at() === this.data.steps;
    this.timer = setInterval(() => {
      if (this.waiting && Date.now() - this.waiting < PATIENCE) return; // the step before has not been drawn
      if (this.at() === this.data.steps) this.pause();
      else this.go(this.at() + 1, true);
    }, 1000 / Number(this.speed.value));
    this.drawPlayer();
    if (again) this.go(1, true);
  }

  pause() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.drawPlayer();
  }
}

/** The picture, a frame around its shape, and a handle at each corner of it. */
class Retina {
  constructor(board) {
    this.board = board;
    this.canvas = element("canvas");
    this.outline = drawn("polygon");
    this.corners = [0, 1, 2, 3].map((corner) => element("button", { class: "corner", type: "button", onkeydown: (event) => this.key(event, corner) }));
    const svg = drawn("svg");
    svg.append(this.outline);
    this.svg = svg;
    this.field = element("div", { class: "retina", tabIndex: 0, role: "group", onkeydown: (event) => event.target === this.field && this.key(event, -1) }, this.canvas, svg, ...this.corners);
    this.title = element("figcaption", { class: "title" }, element("b", {}, element("i", {}, "U"), element("sub", {}, "0")), element("span"));
    this.hint = element("span", { class: "hint" });
    this.reset = element("button", { class: "tool", type: "button", onclick: () => this.move(Array(10).fill(0)) });
    this.figure = element("figure", { class: "layer eye" }, this.title, this.field, element("div", { class: "below" }, this.hint, this.reset));
    this.listen();
  }

  update(data) {
    const { labels } = data;
    this.data = data;
    if (!this.held && !this.board.due) this.warp = [...data.warp];
    this.title.lastChild.textContent = `${data.size} × ${data.size}`;
    this.field.setAttribute("aria-label", labels.retina);
    this.hint.textContent = labels.drag;
    this.reset.textContent = labels.reset;
    this.reset.disabled = !data.warp.some(Boolean);
    this.corners.forEach((corner, at) => corner.setAttribute("aria-label", `${labels.corner} ${at + 1}`));
    this.svg.setAttribute("viewBox", `0 0 ${data.size} ${data.size}`);
    painted(this.canvas, bytes(data.picture), data.size, this.board.tones?.ink ?? []);
    this.place();
  }

  /** Frame and handles to where the shape is. */
  place() {
    const { frame, size } = this.data;
    const points = frame.map(([row, column], at) => [column + this.warp[1] + this.warp[3 + 2 * at], row + this.warp[0] + this.warp[2 + 2 * at]]);
    this.outline.setAttribute("points", points.map((point) => point.join(",")).join(" "));
    points.forEach(([x, y], at) => Object.assign(this.corners[at].style, { left: `${(100 * x) / size}%`, top: `${(100 * y) / size}%` }));
  }

  listen() {
    const { field } = this;
    field.onpointerdown = (event) => {
      if (event.button) return;
      const corner = this.corners.indexOf(event.target);
      event.preventDefault();
      field.setPointerCapture(event.pointerId);
      (corner < 0 ? field : this.corners[corner]).focus({ preventScroll: true });
      this.held = { pointer: event.pointerId, corner, from: [event.clientX, event.clientY], warp: [...this.warp] };
      field.classList.add("moving");
      this.corners[corner]?.classList.add("held");
    };
    field.onpointermove = (event) => {
      if (this.held?.pointer !== event.pointerId) return;
      const { corner, from, warp } = this.held, pixel = field.clientWidth / this.data.size;
      const moved = [...warp], at = corner < 0 ? 0 : 2 + 2 * corner;
      moved[at] += (event.clientY - from[1]) / pixel;
      moved[at + 1] += (event.clientX - from[0]) / pixel;
      this.move(moved);
    };
    field.onpointerup = field.onpointercancel = (event) => {
      if (this.held?.pointer !== event.pointerId) return;
      const { warp } = this.held;
      this.held = null;
      if (warp.some((value, at) => value !== this.warp[at])) this.board.send("warp", this.warp);
      field.classList.remove("moving");
      for (const corner of this.corners) corner.classList.remove("held");
    };
  }

  /** Arrows move the shape, or the corner that has the focus; Home puts it back. */
  key(event, corner) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!moves && event.key !== "Home") return;
    event.preventDefault();
    event.stopPropagation();
    if (!moves) return this.move(corner < 0 ? Array(10).fill(0) : this.warp.map((value, at) => (at === 2 + 2 * corner || at === 3 + 2 * corner ? 0 : value)));
    const moved = [...this.warp], at = corner < 0 ? 0 : 2 + 2 * corner, far = corner >= 0 || event.shiftKey ? STEP : 1;
    moved[at] += far * moves[0];
    moved[at + 1] += far * moves[1];
    this.move(moved);
  }

  /** Within what is allowed, and to the hundredth. */
  move(warp) {
    const { farthest, pull } = this.data;
    const moved = warp.map((value, at) => Number(Math.max(at < 2 ? -farthest : -pull, Math.min(value, at < 2 ? farthest : pull)).toFixed(2)) + 0);
    if (moved.every((value, at) => value === this.warp[at])) return;
    this.warp = moved;
    this.place();
    this.board.pause();
    this.board.send(this.held ? "drag" : "warp", moved);
  }
}
