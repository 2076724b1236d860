// Paper to draw on. The ink is an array of bytes, 255 on 0; the canvas shows it. Python gets all of it, a few times a second.

const ICONS = { undo: UNDO, clear: "M3.4 2 8 6.6 12.6 2 14 3.4 9.4 8l4.6 4.6-1.4 1.4L8 9.4 3.4 14 2 12.6 6.6 8 2 3.4z" };
const EVERY = 150; // milliseconds between what is sent while somebody draws; the end of a stroke goes at once
const MOST_UNDONE = 40;
const WIDEST = 280; // pixels on the screen, of a square paper
const WIDEST_SHEET = 760;
const RIM = 1.1; // the soft edge of the brush, in pixels of the ink

const PADS = new WeakMap();
const PAPERS = (window.puddlePapers ??= new Map()); // what lies on each paper, when its section is left and opened again

export default function ({ data, parentElement, setTriggerValue }) {
  if (!PADS.has(parentElement)) PADS.set(parentElement, new Pad(parentElement));
  const pad = PADS.get(parentElement);
  pad.trigger = setTriggerValue;
  pad.update(data);
  return () => clearTimeout(pad.timer);
}

/** Where something stands in a whole of so many columns and rows, in shares of it. */
function put(shown, { left, top, width, height }, { columns, rows }) {
  const shares = { left: left / columns, top: top / rows, width: width / columns, height: height / rows };
  for (const [side, share] of Object.entries(shares)) shown.style[side] = `${100 * share}%`;
}

class Pad {
  constructor(parent) {
    this.canvas = element("canvas", { tabIndex: 0, role: "application" });
    this.ring = element("div", { class: "cursor", hidden: true });
    this.boxes = element("div", { class: "boxes", "aria-hidden": "true" });
    this.paper = element("div", { class: "paper" }, this.canvas, this.boxes, this.ring);
    this.sheet = element("img", { class: "sheet", alt: "" });
    this.desk = element("div", { class: "desk" }, this.paper);
    this.undoing = element("button", { class: "tool", type: "button", onclick: () => this.undo() }, toolIcon(ICONS.undo));
    this.clearing = element("button", { class: "tool", type: "button", onclick: () => this.clear() }, toolIcon(ICONS.clear));
    this.hint = element("div", { class: "hint" });
    this.root = element("div", { class: "puddle draw-pad" }, this.desk, element("div", { class: "tools" }, this.undoing, this.clearing), this.hint);
    parent.append(this.root);
    this.past = [];
    this.listen();
  }

  update(data) {
    for (const [name, colour] of Object.entries(data.colours)) this.root.style.setProperty(name, colour);
    const { rows, columns, labels } = data, fresh = data.seed !== this.seed || rows !== this.data?.rows || columns !== this.data?.columns;
    this.data = data;
    this.root.style.setProperty("--widest", `${data.sheet ? WIDEST_SHEET : WIDEST * Math.max(1, columns / rows)}px`);
    this.lay(data);
    this.frame(data);
    for (const [button, words] of [[this.undoing, labels.undo], [this.clearing, labels.clear]]) { button.title = words; button.setAttribute("aria-label", words); }
    this.canvas.setAttribute("aria-label", labels.paper);
    this.hint.textContent = labels.hint;
    if (fresh) this.take(data);
    this.draw();
  }

  /** Put the paper onto its sheet: both are measured in pixels of the ink. */
  lay({ sheet, columns, rows }) {
    this.desk.classList.toggle("on-sheet", Boolean(sheet));
    if (!sheet) return this.sheet.remove();
    if (this.sheet.getAttribute("src") !== sheet.url) this.sheet.src = sheet.url;
    if (!this.sheet.isConnected) this.desk.prepend(this.sheet);
    this.desk.style.aspectRatio = `${sheet.columns} / ${sheet.rows}`;
    put(this.paper, { left: sheet.left, top: sheet.top, width: columns, height: rows }, sheet);
  }

  /** Draw the boxes over the ink, each with its word; they lie still while nothing in them changes. */
  frame({ boxes, columns, rows }) {
    const fits = this.boxes.children.length === boxes.length;
    if (!fits) this.boxes.replaceChildren(...boxes.map(() => element("div", { class: "box" }, element("b"))));
    boxes.forEach((box, index) => {
      const shown = this.boxes.children[index];
      put(shown, box, { columns, rows });
      shown.classList.toggle("doubtful", box.doubtful);
      shown.firstChild.textContent = box.word;
    });
  }

  /** Put Python's picture on the paper. A stroke that is being drawn is not pulled away. */
  take(data) {
    if (this.drawing) return;
    const left = PAPERS.get(data.name);
    if (!this.ink && left?.seed === data.seed && left.given === data.ink) return this.find(left);
    const bytes = Uint8Array.from(atob(data.ink), (character) => character.charCodeAt(0));
    if (this.ink?.length === bytes.length) this.keep();
    [this.ink, this.seed] = [bytes, data.seed];
    [this.canvas.width, this.canvas.height] = [data.columns, data.rows];
    this.at ??= [data.columns / 2, data.rows / 2];
    this.leave();
  }

  /** The paper as it was left in another section. */
  find({ ink, past, seed }) {
    [this.ink, this.past, this.seed] = [ink, past, seed];
    [this.canvas.width, this.canvas.height] = [this.data.columns, this.data.rows];
    this.at = [this.data.columns / 2, this.data.rows / 2];
  }

  leave() { PAPERS.set(this.data.name, { ink: this.ink, past: this.past, seed: this.seed, given: this.data.ink }); }

  draw() {
    const context = this.canvas.getContext("2d"), picture = context.createImageData(this.data.columns, this.data.rows);
    const [red, green, blue] = this.data.colours["--ink"].match(/\w\w/g).map((pair) => parseInt(pair, 16));
    for (let at = 0; at < this.ink.length; at++) picture.data.set([red, green, blue, this.ink[at]], 4 * at);
    context.putImageData(picture, 0, 0);
    this.undoing.disabled = !this.past.length;
    this.clearing.disabled = !this.ink.some(Boolean);
  }

  keep() { this.past = [...this.past.slice(-MOST_UNDONE), this.ink.slice()]; }

  // ---- the pen

  listen() {
    const { canvas } = this;
    canvas.onpointerdown = (event) => {
      if (event.button) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      canvas.focus({ preventScroll: true });
      this.ring.hidden = true;
      this.keep();
      this.drawing = event.pointerId;
      this.at = this.place(event);
      this.line(this.at, this.at, event);
    };
    canvas.onpointermove = (event) => {
      if (this.drawing !== event.pointerId) return;
      const moves = event.getCoalescedEvents?.() ?? [];
      for (const move of moves.length ? moves : [event]) {
        const to = this.place(move);
        this.line(this.at, to, move);
        this.at = to;
      }
    };
    canvas.onpointerup = canvas.onpointercancel = (event) => {
      if (this.drawing !== event.pointerId) return;
      this.drawing = null;
      this.tell(true);
    };
    canvas.onkeydown = (event) => this.key(event);
    canvas.onblur = () => { this.ring.hidden = true; this.down = false; };
  }

  /** Where the pointer is, in pixels of the ink. */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * this.data.columns, ((event.clientY - box.top) / box.height) * this.data.rows];
  }

  /** Draw from one place to the other. A pen that says how hard it is pressed draws thinner or thicker. */
  line(from, to, event) {
    const radius = this.data.brush * (event?.pointerType === "pen" && event.pressure ? 0.6 + 0.8 * event.pressure : 1);
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]), steps = Math.max(1, Math.ceil(2 * length));
    for (let step = 0; step <= steps; step++)
      this.dot(from[0] + ((to[0] - from[0]) * step) / steps, from[1] + ((to[1] - from[1]) * step) / steps, radius);
    this.draw();
    this.tell(false);
  }

  dot(x, y, radius) {
    const { rows, columns } = this.data, reach = radius + RIM;
    for (let row = Math.max(0, Math.floor(y - reach)); row <= Math.min(rows - 1, y + reach); row++)
      for (let column = Math.max(0, Math.floor(x - reach)); column <= Math.min(columns - 1, x + reach); column++) {
        const inside = (radius + RIM - Math.hypot(column + 0.5 - x, row + 0.5 - y)) / (2 * RIM);
        const at = row * columns + column, value = Math.round(255 * Math.max(0, Math.min(1, inside)));
        if (value > this.ink[at]) this.ink[at] = value;
      }
  }

  // ---- the keyboard

  key(event) {
    const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if ((event.key === "z" || event.key === "Z") && (event.ctrlKey || event.metaKey)) this.undo();
    else if (event.key === "Backspace" || event.key === "Delete") this.clear();
    else if (event.key === " ") this.lower(event);
    else if (event.key === "Escape") this.down = false;
    else if (moves) this.step(moves, event.shiftKey ? 4 : 1);
    else return;
    event.preventDefault();
    this.show();
  }

  /** Space puts the pen down, and lifts it. */
  lower(event) {
    if (event.repeat) return;
    this.down = !this.down;
    if (!this.down) return this.tell(true);
    this.keep();
    this.line(this.at, this.at);
  }

  step([right, down], far) {
    const { rows, columns } = this.data, pixels = far * (rows / 42);
    const to = [Math.max(0, Math.min(columns, this.at[0] + right * pixels)), Math.max(0, Math.min(rows, this.at[1] + down * pixels))];
    if (this.down) this.line(this.at, to);
    this.at = to;
  }

  show() {
    this.ring.hidden = false;
    this.ring.classList.toggle("down", Boolean(this.down));
    this.ring.style.left = `${(100 * this.at[0]) / this.data.columns}%`;
    this.ring.style.top = `${(100 * this.at[1]) / this.data.rows}%`;
    this.ring.style.width = `${(260 * this.data.brush) / this.data.columns}%`;
  }

  undo() {
    if (!this.past.length || this.drawing) return;
    this.ink = this.past.pop();
    this.draw();
    this.tell(true);
  }

  clear() {
    if (this.drawing || !this.ink.some(Boolean)) return;
    this.keep();
    this.ink = new Uint8Array(this.ink.length);
    this.draw();
    this.tell(true);
  }

  /** Send the ink: now, or when it is due. */
  tell(now) {
    const wait = now ? 0 : Math.max(0, EVERY - (Date.now() - (this.told ?? 0)));
    if (this.timer && !now) return;
    clearTimeout(this.timer);
    const send = () => {
      this.timer = null;
      this.told = Date.now();
      this.leave();
      let text = "";
      for (const byte of this.ink) text += String.fromCharCode(byte);
      this.trigger("draw", btoa(text));
    };
    if (now) send();
    else this.timer = setTimeout(send, wait);
  }
}
