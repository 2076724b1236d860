// The line of networks. Places come in bands (see cnn/timeline.py); here they become pixels, through a window that is dragged and zoomed.

const FIELD = 118, AXIS = 150, NAMES = 186, NAME_ROW = 17, DOTS = 222, STEP = 25, EDGE = 18; // pixels from the top; between dots
const ROOMY = 12; // a dot of this radius has its number inside
const SPACE = 5, MOST_ZOOM = 14, BESIDE = 0.03, LETTERS = 34;
const SVG = "http://www.w3.org/2000/svg";

const LINES = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!LINES.has(parentElement)) LINES.set(parentElement, new Timeline(parentElement));
  const line = LINES.get(parentElement);
  line.trigger = setTriggerValue;
  line.update(data);
  return () => line.resize.disconnect();
}

function shape(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

class Timeline {
  constructor(parent) {
    this.root = element("div", { class: "puddle timeline" });
    parent.append(this.root);
    this.resize = new ResizeObserver(() => this.data && this.root.clientWidth !== this.width && this.draw());
    this.resize.observe(this.root);
    this.pointers = new Map();
    this.focused = null;
  }

  update(data) {
    this.data = data;
    for (const [name, colour] of Object.entries(data.colours)) this.root.style.setProperty(name, colour);
    if (!this.svg) this.build();
    this.label();
    this.draw();
  }

  // ------------------------------------------------------------------------------------------------------------ parts

  build() {
    const { data } = this;
    this.from = 0;
    this.to = data.end;
    this.svg = shape("svg", { role: "group" });
    this.tools = element("div", { class: "tools" });
    this.buttons = { closer: () => this.zoom(1.6), wider: () => this.zoom(1 / 1.6), whole: () => this.look(0, data.end) };
    for (const [name, press] of Object.entries(this.buttons)) {
      const button = element("button", { type: "button", class: "tool", "data-name": name });
      button.textContent = { closer: "+", wider: "−", whole: "↔" }[name];
      button.onclick = press;
      this.tools.append(button);
    }
    this.root.append(this.tools, this.svg);
    this.curve = shape("polyline", { class: "curve" });
    this.axis = shape("path", { class: "axis" });
    this.narrow = shape("rect", { class: "narrow", y: 0, height: AXIS });
    this.title = shape("text", { class: "title", x: 0, y: 14 });
    this.ticks = data.ticks.map(([year]) => [shape("path", { class: "tick" }), shape("text", { class: "year" }, year)]);
    this.points = data.results.map(() => [shape("circle", { class: "second", r: 3 }, shape("title")), shape("circle", { class: "winner", r: 4 }, shape("title")), shape("text", { class: "error" })]);
    this.columns = data.columns.map((column) => ({
      name: shape("text", { class: "name" }),
      stem: shape("path", { class: "stem" }),
      dots: column.dots.map((dot) => this.dot(dot)),
    }));
    this.svg.append(this.narrow, this.axis, this.curve, this.title, ...this.ticks.flat(), ...this.points.flat(), ...this.columns.map((column) => column.stem), ...this.columns.map((column) => column.name), ...this.columns.flatMap((column) => column.dots.map((dot) => dot.group)));
    this.listen();
  }

  dot({ key, radius, number }) {
    const group = shape("g", { class: "dot", role: "button", tabindex: -1, "data-key": key }, shape("title"));
    const circle = shape("circle", { r: radius, class: "body" }), ring = shape("circle", { r: radius + 4, class: "ring" });
    const inside = radius >= ROOMY, text = shape("text", { class: inside ? "number inside" : "number" }, number);
    group.append(shape("circle", { r: Math.max(radius, 12), class: "target" }), ring, circle, text);
    group.addEventListener("click", (event) => this.moved || this.trigger(event.shiftKey ? "compare" : "pick", key));
    group.addEventListener("keydown", (event) => this.key(event, key));
    group.addEventListener("focus", () => this.show(key));
    return { key, group, text, radius, inside };
  }

  label() {
    const { data } = this, { labels, names } = data;
    this.svg.setAttribute("aria-label", labels.line);
    this.title.textContent = labels.curve;
    for (const button of this.tools.children) {
      button.title = labels[button.dataset.name];
      button.setAttribute("aria-label", labels[button.dataset.name]);
    }
    data.columns.forEach((column, index) => (this.columns[index].name.textContent = names[column.key]));
    data.results.forEach((result, index) => {
      const [second, winner, text] = this.points[index];
      second.firstChild.textContent = names[`second.${result.year}`];
      winner.firstChild.textContent = names[`winner.${result.year}`];
      text.textContent = names[`error.${result.year}`];
    });
    for (const dot of this.dots()) {
      const chosen = dot.key === data.chosen;
      dot.group.firstChild.textContent = names[`${dot.key}.about`];
      dot.group.setAttribute("aria-label", names[`${dot.key}.about`]);
      dot.group.setAttribute("aria-pressed", String(chosen));
      dot.group.setAttribute("tabindex", dot.key === (this.focused ?? data.chosen) ? 0 : -1);
      dot.group.classList.toggle("chosen", chosen);
      dot.group.classList.toggle("compared", data.compared.includes(dot.key));
    }
  }

  dots() {
    return this.columns.flatMap((column) => column.dots);
  }

  // ---------------------------------------------------------------------------------------------------------- drawing

  x(place) {
    return EDGE + ((place - this.from) / (this.to - this.from)) * (this.width - 2 * EDGE);
  }

  draw() {
    const { data } = this;
    this.width = this.root.clientWidth || 600;
    const most = Math.max(...data.columns.map((column) => this.height(column.dots)));
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${DOTS + most}`);
    this.svg.setAttribute("height", DOTS + most);
    this.drawAxis();
    this.drawCurve();
    this.drawColumns();
  }

  height(dots) {
    return dots.reduce((sum, dot) => sum + Math.max(STEP, 2 * dot.radius + 6), 0);
  }

  drawAxis() {
    const { data } = this;
    this.axis.setAttribute("d", `M0 ${AXIS}H${this.width}`);
    const begin = Math.max(0, this.x(0) - EDGE), end = Math.min(this.width, this.x(data.wide_from));
    this.narrow.setAttribute("x", begin);
    this.narrow.setAttribute("width", Math.max(0, end - begin));
    const taken = [];
    data.ticks.forEach(([, place, begins], index) => {
      const [mark, text] = this.ticks[index], x = this.x(place), fits = this.free(taken, x - 17, x + 17);
      mark.setAttribute("d", `M${this.x(begins)} ${AXIS - 4}v8`);
      mark.toggleAttribute("hidden", begins < data.wide_from);
      this.put(text, x, AXIS + 17, fits);
    });
  }

  drawCurve() {
    const { data } = this, taken = [];
    const y = (height) => AXIS - 12 - height * FIELD;
    this.curve.setAttribute("points", data.results.map((result) => `${this.x(result.place)},${y(result.height)}`).join(" "));
    [...data.results].reverse().forEach((result) => {
      const [second, winner, text] = this.points[data.results.indexOf(result)], x = this.x(result.place);
      this.put(second, x, y(result.second_height), true, "c");
      this.put(winner, x, y(result.height), true, "c");
      const below = result.second_height - result.height > BESIDE; // where the second's ring stands above the winner's dot
      this.put(text, x, y(result.height) + (below ? 19 : -10), this.free(taken, x - 19, x + 19));
    });
  }

  drawColumns() {
    const { data } = this, rows = [[], []], room = (this.width - 2 * EDGE) / (this.to - this.from);
    const order = data.columns.map((column, index) => ({ column, index }));
    const mine = ({ column }) => column.dots.some((dot) => dot.key === data.chosen);
    order.sort((one, other) => mine(other) - mine(one));
    for (const { column, index } of order) {
      const view = this.columns[index], x = this.x(column.place), half = view.name.getComputedTextLength() / 2 + 4;
      const kept = Math.min(Math.max(x, half), this.width - half), on = x > -20 && x < this.width + 20;
      const row = rows.findIndex((taken) => on && this.free(taken, kept - half, kept + half));
      this.put(view.name, kept, NAMES + NAME_ROW * Math.max(0, row), row >= 0);
      view.name.classList.toggle("chosen", mine({ column }));
      view.stem.setAttribute("d", `M${x} ${AXIS}V${AXIS + 4}`);
      let top = DOTS;
      view.dots.forEach((dot) => {
        const tall = Math.max(STEP, 2 * dot.radius + 6);
        dot.group.setAttribute("transform", `translate(${x} ${top + tall / 2})`);
        top += tall;
        if (dot.inside) return;
        const beyond = x + dot.radius + LETTERS > this.width + EDGE; // then its number stands before it
        dot.text.setAttribute("x", beyond ? -dot.radius - 7 : dot.radius + 7);
        dot.text.classList.toggle("before", beyond);
        dot.text.toggleAttribute("hidden", room < 62 && !mine({ column }));
      });
    }
  }

  /** Take the stretch if nobody has it. */
  free(taken, left, right) {
    const fits = left > -SPACE && right < this.width + SPACE && taken.every(([from, to]) => right + SPACE < from || left - SPACE > to);
    if (fits) taken.push([left, right]);
    return fits;
  }

  put(thing, x, y, visible, prefix = "") {
    thing.setAttribute(`${prefix}x`, x);
    thing.setAttribute(`${prefix}y`, y);
    thing.toggleAttribute("hidden", !visible);
  }

  // ----------------------------------------------------------------------------------------------- dragging and zooming

  look(from, to) {
    const span = Math.min(Math.max(to - from, this.data.end / MOST_ZOOM), this.data.end);
    const middle = (from + to) / 2;
    this.from = Math.min(Math.max(middle - span / 2, 0), this.data.end - span);
    this.to = this.from + span;
    this.draw();
  }

  zoom(factor, x = this.place()) {
    const at = this.from + ((x - EDGE) / (this.width - 2 * EDGE)) * (this.to - this.from);
    this.look(at - (at - this.from) / factor, at + (this.to - at) / factor);
  }

  /** Where the picked dot is, if it is in sight: the buttons zoom there. */
  place() {
    const column = this.data.columns.find(({ dots }) => dots.some((dot) => dot.key === this.data.chosen));
    const x = column ? this.x(column.place) : -1;
    return x > 0 && x < this.width ? x : this.width / 2;
  }

  pan(pixels) {
    const bands = (pixels / (this.width - 2 * EDGE)) * (this.to - this.from);
    this.look(this.from - bands, this.to - bands);
  }

  /** Bring a dot into sight. */
  show(key) {
    const column = this.data.columns.find(({ dots }) => dots.some((dot) => dot.key === key));
    const span = this.to - this.from;
    if (column.place < this.from || column.place > this.to) this.look(column.place - span / 2, column.place + span / 2);
  }

  listen() {
    const { svg, pointers } = this;
    svg.addEventListener("pointerdown", (event) => {
      pointers.set(event.pointerId, event.clientX);
      if (pointers.size === 1) this.moved = false;
    });
    svg.addEventListener("pointermove", (event) => {
      if (!pointers.has(event.pointerId)) return;
      const before = [...pointers.values()], start = pointers.get(event.pointerId);
      if (!this.moved && Math.abs(event.clientX - start) < 5 && before.length === 1) return;
      this.moved = true;
      svg.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, event.clientX);
      if (before.length === 1) return this.pan(event.clientX - start);
      const after = [...pointers.values()], box = svg.getBoundingClientRect();
      const apart = (places) => Math.max(20, Math.abs(places[0] - places[1]));
      this.zoom(apart(after) / apart(before), (after[0] + after[1]) / 2 - box.left);
    });
    for (const name of ["pointerup", "pointercancel"]) svg.addEventListener(name, (event) => pointers.delete(event.pointerId));
    svg.addEventListener("wheel", (event) => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!event.ctrlKey && !sideways) return; // the page scrolls
      event.preventDefault();
      if (event.ctrlKey) this.zoom(Math.exp(-event.deltaY / 200), event.clientX - svg.getBoundingClientRect().left);
      else this.pan(-event.deltaX);
    }, { passive: false });
  }

  key(event, key) {
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key], along = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const press = { "+": "closer", "=": "closer", "-": "wider", 0: "whole" }[event.key];
    if (across || along) this.go(key, across ?? 0, along ?? 0);
    else if (event.key === "Enter" || event.key === " ") this.trigger("pick", key);
    else if (event.key.toLowerCase() === "c" && !event.ctrlKey && !event.metaKey) this.trigger("compare", key);
    else if (press && !event.ctrlKey && !event.metaKey) this.buttons[press]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  go(key, across, along) {
    const at = this.columns.findIndex(({ dots }) => dots.some((dot) => dot.key === key));
    const next = this.columns[Math.min(Math.max(at + across, 0), this.columns.length - 1)].dots;
    const row = across ? 0 : next.findIndex((dot) => dot.key === key) + along;
    const { key: to, group } = next[Math.min(Math.max(row, 0), next.length - 1)];
    this.focused = to;
    this.dots().forEach((dot) => dot.group.setAttribute("tabindex", dot.key === to ? 0 : -1));
    group.focus();
  }
}
