// Two pictures with one magnifying glass. The glass moves here at once; Python hears where it went and sends the numbers.

const LOUPES = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!LOUPES.has(parentElement)) LOUPES.set(parentElement, new Loupe(parentElement));
  const loupe = LOUPES.get(parentElement);
  loupe.trigger = setTriggerValue;
  loupe.update(data);
  return () => loupe.close();
}

class Loupe {
  constructor(parent) {
    this.root = element("div", { class: "puddle loupe" });
    this.sides = Object.fromEntries(["photograph", "result"].map((name) => [name, this.side(name)]));
    this.root.append(...Object.values(this.sides).map((side) => side.figure));
    parent.append(this.root);
    this.cell = { row: 0, column: 0 };
    this.heard = ({ detail }) => { if (detail.group === this.data?.group) { this.cell = detail; this.point(); } };
    window.addEventListener("puddle-window", this.heard);
  }

  close() { window.removeEventListener("puddle-window", this.heard); }

  side(name) {
    const image = element("img", { alt: "", draggable: false });
    const patch = element("div", { class: "patch" }), cursor = element("div", { class: "cursor" });
    const canvas = element("canvas"), zoom = element("div", { class: "zoom" }, canvas, cursor);
    const picture = element("div", { class: "picture", tabIndex: 0, role: "group" }, image, patch, zoom);
    const caption = element("figcaption", {}, element("span", { class: "name" }), element("span", { class: "shape" }));
    image.onload = () => this.place();
    picture.onpointerdown = (event) => { picture.setPointerCapture(event.pointerId); this.dragging = true; this.follow(event, picture); event.preventDefault(); picture.focus(); };
    picture.onpointermove = (event) => this.dragging && this.follow(event, picture);
    picture.onpointerup = picture.onpointercancel = () => { this.dragging = false; };
    picture.onkeydown = (event) => this.key(event);
    return { figure: element("figure", { class: name }, caption, picture), picture, image, patch, canvas, zoom, cursor, caption };
  }

  update(data) {
    const placed = this.data?.row === data.row && this.data?.column === data.column;
    this.data = data;
    if (!placed) [this.row, this.column] = [data.row, data.column];
    [this.row, this.column] = this.legal(this.row, this.column);
    for (const [name, colour] of Object.entries(data.colours)) this.root.style.setProperty(name, colour);
    const shapes = { photograph: data.shape, result: data.result_shape };
    for (const [name, side] of Object.entries(this.sides)) {
      const { name: held, url } = data[name];
      if (url !== null && held !== side.held) Object.assign(side, { held }).image.src = url;
      side.image.width = shapes[name][1];
      side.image.height = shapes[name][0];
      side.image.alt = data.labels[name];
      side.caption.firstChild.textContent = data.labels[name];
      side.caption.lastChild.textContent = shapes[name].join(" × ");
      side.picture.setAttribute("aria-label", data.labels.hint);
      side.picture.title = data.labels.hint;
    }
    this.place();
    if (Object.entries(this.sides).some(([name, side]) => side.held !== data[name].name)) this.tell([]);
  }

  /** Python sends no picture that is held here. */
  tell(held = Object.values(this.sides).map((side) => side.held)) {
    this.told = Date.now();
    this.trigger("move", { place: [this.row, this.column], held });
  }

  /** Move the middle of the glass to the pointer. */
  follow(event, picture) {
    const box = picture.getBoundingClientRect(), { data } = this;
    const row = ((event.clientY - box.top) / box.height) * data.shape[0] - data.size / 2;
    const column = ((event.clientX - box.left) / box.width) * data.shape[1] - data.size / 2;
    this.move(row, column);
  }

  key(event) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!moves) return;
    event.preventDefault();
    const step = event.shiftKey ? this.data.size : this.data.stride;
    this.move(this.row + step * moves[0], this.column + step * moves[1]);
  }

  /** The nearest place where the whole glass is on the picture and its corner is a stop of the kernel. */
  legal(...place) {
    const { size, stride, shape } = this.data;
    return place.map((at, axis) => stride * Math.floor(Math.max(0, Math.min(Math.round(at), shape[axis] - size)) / stride));
  }

  move(...place) {
    const [row, column] = this.legal(...place);
    if (row === this.row && column === this.column) return;
    [this.row, this.column] = [row, column];
    this.place();
    clearTimeout(this.telling);
    if (Date.now() - (this.told ?? 0) > 70) this.tell();
    else this.telling = setTimeout(() => this.tell(), 70); // the last place always arrives
  }

  /** Put the frames on both pictures and the magnified pixels beside them. */
  place() {
    const { data } = this;
    if (!data) return;
    const { photograph, result } = this.sides, at = this.row / data.stride, along = this.column / data.stride;
    this.frame(photograph, this.row, this.column, data.size, data.size, ...data.shape);
    this.frame(result, at, along, ...data.result_size, ...data.result_shape);
    this.point();
  }

  frame(side, row, column, rows, columns, height, width) {
    Object.assign(side.patch.style, { top: `${(100 * row) / height}%`, left: `${(100 * column) / width}%`, height: `${(100 * rows) / height}%`, width: `${(100 * columns) / width}%` });
    side.zoom.classList.toggle("left", column / width > 0.45 && row / height > 0.4);
    side.zoom.style.aspectRatio = `${columns} / ${rows}`;
    if (!side.image.complete || !side.image.naturalWidth) return;
    [side.canvas.width, side.canvas.height] = [columns, rows];
    const context = side.canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(side.image, column, row, columns, rows, 0, 0, columns, rows);
  }

  /** The kernel's window on the magnified photograph, and the output cell on the magnified result. */
  point() {
    const { data, cell } = this;
    if (!data) return;
    const mark = (side, row, column, rows, columns, height, width) => Object.assign(side.cursor.style, {
      top: `${(100 * row) / height}%`, left: `${(100 * column) / width}%`, height: `${(100 * rows) / height}%`, width: `${(100 * columns) / width}%`,
    });
    mark(this.sides.photograph, cell.row * data.stride, cell.column * data.stride, ...data.reach, data.size, data.size);
    mark(this.sides.result, cell.row, cell.column, 1, 1, ...data.result_size);
  }
}
