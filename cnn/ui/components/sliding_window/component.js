// The stage: a window slides over the input, is multiplied with the kernel and summed into one output cell.
// Everything shown comes from Python; here it is only laid out, stepped through and edited.

const ICONS = {
  first: "M3 2h2v12H3zM14 2v12L6 8z", back: "M12 2v12L4 8z", play: "M4 2l10 6-10 6z", pause: "M4 2h3v12H4zM9 2h3v12H9z",
  undo: UNDO,
  reset: "M8 1v2a5.5 5.5 0 1 1-5.4 4.5h2A3.5 3.5 0 1 0 8 5v2.5L4.5 4.2z",
  forward: "M4 2v12l8-6z", last: "M11 2h2v12h-2zM2 2v12l8-6z",
};
const SPEEDS = [0.5, 1, 2, 4, 8]; // steps a second
const LARGEST_CELL = 48, COMFORTABLE_CELL = 28, READABLE_CELL = 20, SMALLEST_CELL = 13;
const GAP = 22; // between grids, in pixels

const STAGES = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!STAGES.has(parentElement)) STAGES.set(parentElement, new Stage(parentElement));
  const stage = STAGES.get(parentElement);
  stage.trigger = setTriggerValue;
  stage.update(data);
  return () => stage.close();
}

class Stage {
  constructor(parent) {
    this.root = element("div", { class: "puddle stage" });
    this.channels = element("div", { class: "channels" });
    this.outputs = element("div", { class: "outputs" });
    this.sum = element("div", { class: "sum", tabIndex: 0, role: "status" });
    this.controls = this.player();
    this.actions = element("div", { class: "actions" });
    this.root.append(element("div", { class: "board" }, this.channels, this.outputs), this.sum, this.controls, this.actions);
    parent.append(this.root);
    this.views = { input: [], kernel: [], original: [], product: [], output: [] };
    this.resize = new ResizeObserver(() => this.width !== this.root.clientWidth && this.resized());
    this.resize.observe(this.root);
  }

  /** The width is read when it changes and not at each update: that would have the browser lay out the page at once. */
  resized() {
    this.width = this.root.clientWidth;
    if (this.data) this.layout();
  }

  close() {
    this.pause();
    this.resize.disconnect();
  }

  update(data) {
    const opened = this.data?.opened !== data.opened;
    this.data = data;
    for (const [name, colour] of Object.entries(data.colours)) this.root.style.setProperty(name, colour);
    if (opened || !this.active) this.active = { channel: 0, row: data.start[0], column: data.start[1] };
    this.active.channel = Math.min(this.active.channel, data.outputs.length - 1);
    this.active.row = Math.min(this.active.row, data.rows.length - 1);
    this.active.column = Math.min(this.active.column, data.columns.length - 1);
    this.arrange();
    this.layout();
    this.name();
    this.offer();
  }

  /** What can be done to all of it: buttons that stay, so that the focus does. */
  offer() {
    const { actions } = this.data;
    if (actions.length !== this.actions.children.length) this.actions.replaceChildren(...actions.map(({ key }) =>
      element("button", { class: "tool", type: "button", onclick: () => this.trigger("action", key) }, toolIcon(ICONS[key]), element("span"))));
    actions.forEach(({ label, enabled }, at) => {
      const button = this.actions.children[at];
      button.lastChild.textContent = label;
      button.disabled = !enabled;
    });
  }

  // ---- grids

  /** As many views of each kind as there are channels, each in its place. */
  arrange() {
    const { outputs, kernels, original } = this.data;
    const arranged = [this.inputs().length, outputs.length, Boolean(kernels), Boolean(original)].join();
    if (arranged === this.arranged) return; // moving a grid takes the focus and the pointer from its cells
    this.arranged = arranged;
    const rows = this.inputs().map((_, channel) => {
      const kinds = kernels ? [...(original ? ["original"] : []), "kernel", "product"] : [];
      const middle = element("div", { class: "middle" }, ...kinds.map((kind) => this.view(kind, channel).figure));
      return element("div", { class: "channel" }, this.view("input", channel).figure, middle);
    });
    this.channels.replaceChildren(...rows);
    this.outputs.replaceChildren(...outputs.map((_, channel) => this.view("output", channel).figure));
  }

  /** The inputs on the screen. Pooling has one for each output (they differ in the padding) and shows one at a time. */
  inputs() {
    return this.data.kernels ? this.data.inputs : [this.data.inputs[this.active.channel]];
  }

  view(kind, channel) {
    const views = this.views[kind];
    if (!views[channel]) {
      const view = (views[channel] = new GridView());
      view.onkey = (event) => this.key(event);
      if (kind === "output") view.onhover = (row, column) => { this.pause(); this.activate({ channel, row, column }); };
      if (kind === "input") { view.onhover = (row, column) => this.feed(row, column); view.onleave = () => this.feed(-1, -1); }
      view.onedit = (row, column, value, gesture) => this.edit(kind, channel, row, column, value, gesture);
    }
    return views[channel];
  }

  edit(kind, channel, row, column, value, gesture) {
    const [top, , , left] = kind === "input" ? this.data.pad : [0, 0, 0, 0];
    const grid = kind === "input" ? "input" : "kernel";
    this.trigger("edit", { grid, channel, out: this.active.channel, row: row - top, column: column - left, value, gesture });
  }

  /**
   * The largest cells with which all grids stand abreast; if those were small, kernel and products go one under the
   * other; if even that is narrow, the output goes under the input.
   */
  cellSize() {
    const { inputs, outputs, kernels, original } = this.data, width = (this.width ||= this.root.clientWidth);
    const kernel = kernels ? kernels[0].find(Boolean)[0].length : 0, ends = [inputs[0].values[0].length, outputs[0].values[0].length];
    const fit = (grids) => Math.floor((width - GAP * (grids.length - 1)) / grids.reduce((sum, columns) => sum + columns, 0) - 2);
    const abreast = fit([...ends, ...(kernels ? [kernel, kernel] : []), ...(original ? [kernel] : [])]);
    const stacked = fit([...ends, kernel]);
    const stack = abreast < COMFORTABLE_CELL && inputs.length === 1 && outputs.length === 1 && stacked >= READABLE_CELL;
    this.root.classList.toggle("stacked", stack);
    if (stack || abreast >= COMFORTABLE_CELL) return Math.min(LARGEST_CELL, stack ? stacked : abreast);
    if (outputs.length > 1 && fit([ends[0], kernel, kernel]) >= READABLE_CELL) return Math.min(COMFORTABLE_CELL, fit([ends[0], kernel, kernel]));
    return Math.max(SMALLEST_CELL, Math.min(COMFORTABLE_CELL, fit([Math.max(...ends)])));
  }

  layout() {
    const { data } = this, size = this.cellSize();
    this.size = size;
    this.drawInputs();
    data.outputs.forEach((grid, channel) => this.view("output", channel).draw({
      ...grid, role: "output", shape: data.shapes.output, note: data.notes.output, size, largest: greatest(data.outputs),
      regions: data.regions?.output,
    }));
    this.scrub.max = this.count() - 1;
    this.activate(this.active);
    this.controls.hidden = this.count() === 1; // nothing to step through
  }

  drawInputs() {
    const { data } = this;
    this.inputs().forEach((grid, channel) => this.view("input", channel).draw({
      ...grid, role: "input", shape: data.shapes.input, note: data.notes.input, pad: data.pad, dropped: data.dropped,
      size: this.size, largest: greatest(data.inputs), editable: data.editable.includes("input"), step: data.steps.input,
      regions: data.regions?.input,
    }));
  }

  /** Everything that depends on which output cell is looked at. */
  activate({ channel, row, column }) {
    const changed = channel !== this.active.channel || this.drawn !== this.data;
    this.active = { channel, row, column };
    if (this.data.kernels) this.drawKernels(changed);
    else if (changed) this.drawInputs();
    this.drawn = this.data;
    const { rows, columns, winners, combine } = this.data;
    const sources = rows[row].map(([source]) => source), across = columns[column].map(([source]) => source);
    const window = sources.flatMap((at) => across.map((along) => [at, along]));
    const weights = rows[row].flatMap(([, k]) => columns[column].map(([, l]) => [k, l]));
    this.inputs().forEach((_, index) => {
      const used = !this.data.kernels || this.data.kernels[channel][index];
      const view = this.view("input", index);
      view.mark("window", used ? window : []);
      view.outline(used ? sources : [], used ? across : []);
      view.mark("winner", combine[channel] === "max" ? winners : []);
      if (this.data.kernels) this.view("kernel", index).mark("window", used ? weights : []);
      this.channels.children[index].classList.toggle("unused", !used);
    });
    this.data.outputs.forEach((_, index) => this.view("output", index).mark("active", index === channel ? [[row, column]] : []));
    this.mask();
    this.explain();
    setSlider(this.scrub, this.position());
    this.counter.textContent = this.data.labels.step.replace("{step}", this.position() + 1).replace("{steps}", this.count());
    window_event(this.data.group, { ...this.active, playing: Boolean(this.timer) });
  }

  drawKernels(changed) {
    const { data, active, size } = this;
    const shown = data.kernels[active.channel];
    const largest = Math.max(...data.kernels.flat(3).filter((value) => value !== null).map(Math.abs), 0);
    const common = { role: "kernel", shape: data.shapes.kernel, size, largest, step: data.steps.kernel };
    const editable = data.editable.includes("kernel");
    if (changed) {
      shown.forEach((kernel, index) => {
        const values = kernel ?? data.blank;
        this.view("kernel", index).draw({ ...common, values, label: data.labels[data.original ? "flipped" : "kernel"], editable: editable && Boolean(kernel) && !data.original });
        if (data.original) this.view("original", index).draw({ ...common, values: data.original[active.channel][index], label: data.labels.kernel, editable });
      });
    }
    const products = data.products[active.channel][active.row * data.columns.length + active.column];
    const tall = shown.find(Boolean).length, wide = shown.find(Boolean)[0].length;
    const reach = Math.max(...data.products[active.channel].flat(2).map(Math.abs), 0);
    shown.forEach((kernel, index) => {
      const values = Array.from({ length: tall }, () => Array(wide).fill(0));
      if (kernel) this.taps((at, k, l) => { values[k][l] = products[index][at]; });
      this.view("product", index).draw({ role: "product", values, label: data.labels.products, size, largest: reach, note: this.partial(index) });
    });
  }

  /** With several channels, what this channel gives to the sum. */
  partial(index) {
    const { data, active } = this;
    if (data.inputs.length === 1) return "";
    return `Σ = ${written(data.sums[active.channel][active.row * data.columns.length + active.column][index])}`;
  }

  /** Walk the taps of the active cell: (how many-th, kernel row, kernel column, input row, input column). */
  taps(visit) {
    let at = 0;
    for (const [source, k] of this.data.rows[this.active.row])
      for (const [along, l] of this.data.columns[this.active.column]) visit(at++, k, l, source, along);
  }

  /** Light up every output that an input cell feeds. */
  feed(row, column) {
    const reached = (taps, source) => taps.flatMap((window, at) => (window.some(([from]) => from === source) ? [at] : []));
    const rows = reached(this.data.rows, row), columns = reached(this.data.columns, column);
    const fed = rows.flatMap((at) => columns.map((along) => [at, along]));
    this.data.outputs.forEach((_, index) => this.view("output", index).mark("fed", fed));
  }

  /** While it plays, outputs that the window has not reached are blank. */
  mask() {
    const width = this.data.columns.length, reached = this.position();
    this.data.outputs.forEach((grid, channel) => {
      const later = [];
      if (this.timer)
        for (let at = 0; at < this.data.rows.length * width; at++)
          if (channel * this.data.rows.length * width + at > reached) later.push([Math.floor(at / width), at % width]);
      this.view("output", channel).mark("later", later);
    });
  }

  // ---- the sum, written out

  explain() {
    const { data, active } = this, cell = active.row * data.columns.length + active.column;
    const value = data.outputs[active.channel].values[active.row][active.column];
    const place = element("span", { class: "place", textContent: `${data.labels.output}[${data.outputs.length > 1 ? active.channel + ", " : ""}${active.row + data.origin[0]}, ${active.column + data.origin[1]}]` });
    const result = element("span", { class: "result", textContent: `= ${written(value)}` });
    this.sum.replaceChildren(place, ...(data.kernels ? this.products(cell) : this.pooled(cell)), " ", result);
  }

  products(cell) {
    const { data, active } = this, bias = data.bias[active.channel];
    const terms = data.inputs.length > 1 ? this.channelSums(cell) : this.factors();
    if (!terms.length) terms.push("0");
    if (bias) terms.push(" + ", element("span", { class: "bias", textContent: `${data.labels.bias} ${bracketed(bias)}` }));
    return terms;
  }

  factors() {
    const { data, active } = this, terms = [];
    const kernel = data.kernels[active.channel][0], values = data.inputs[0].values;
    this.taps((at, k, l, source, along) => {
      if (at) terms.push(" + ");
      const [from, by] = [["from-input", values[source][along]], ["from-kernel", kernel[k][l]]].map(([role, value]) => element("span", { class: role, textContent: bracketed(value) }));
      if (data.combine[active.channel] === "distance") terms.push("(", from, " − ", by, ")²");
      else terms.push(from, "·", by);
    });
    return terms;
  }

  channelSums(cell) {
    const { data, active } = this, used = data.kernels[active.channel];
    return data.sums[active.channel][cell].flatMap((sum, index) =>
      used[index] ? [index && used.slice(0, index).some(Boolean) ? " + " : "", element("span", { class: "from-input", textContent: `${data.inputs[index].label} ` }), bracketed(sum)] : []);
  }

  pooled(cell) {
    const { data } = this, values = data.inputs[this.active.channel].values, terms = [];
    this.taps((at, k, l, source, along) => terms.push(written(values[source][along])));
    const list = (separator) => element("span", { class: "from-input", textContent: terms.join(separator) });
    if (data.combine[this.active.channel] === "max") return ["max(", list(", "), ")"];
    return ["(", list(" + "), `) / ${data.divisors[cell]}`];
  }

  // ---- playing

  player() {
    const button = (name, act) => element("button", { class: "tool", type: "button", onclick: act }, toolIcon(ICONS[name]));
    this.buttons = {
      first: button("first", () => this.go(0)), back: button("back", () => this.go(this.position() - 1)),
      play: button("play", () => this.toggle()),
      forward: button("forward", () => this.go(this.position() + 1)), last: button("last", () => this.go(this.count() - 1)),
    };
    this.scrub = element("input", { type: "range", min: 0, value: 0, step: 1, oninput: () => this.go(Number(this.scrub.value)) });
    this.counter = element("span", { class: "count" });
    this.speed = element("select", { onchange: () => this.timer && (this.pause(), this.play()) }, ...SPEEDS.map((speed) => element("option", { value: speed, textContent: `${speed}×`, selected: speed === 2 })));
    return element("div", { class: "player" }, ...Object.values(this.buttons), this.scrub, this.counter, this.speed);
  }

  count() { return this.data.outputs.length * this.data.rows.length * this.data.columns.length; }

  position() {
    return (this.active.channel * this.data.rows.length + this.active.row) * this.data.columns.length + this.active.column;
  }

  go(position, playing = false) {
    if (!playing) this.pause();
    const at = Math.max(0, Math.min(position, this.count() - 1)), width = this.data.columns.length, height = this.data.rows.length;
    this.activate({ channel: Math.floor(at / (width * height)), row: Math.floor(at / width) % height, column: at % width });
  }

  toggle() { this.timer ? this.pause() : this.play(); }

  play() {
    if (this.position() === this.count() - 1) this.active = { channel: 0, row: 0, column: 0 };
    this.timer = setInterval(() => {
      if (this.position() === this.count() - 1) this.pause();
      else this.go(this.position() + 1, true);
    }, 1000 / Number(this.speed.value));
    this.name();
    this.activate(this.active);
  }

  pause() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.name();
    this.mask();
  }

  /** Buttons say what they do, in the learner's language. */
  name() {
    const { labels } = this.data;
    this.buttons.play.replaceChildren(toolIcon(ICONS[this.timer ? "pause" : "play"]));
    for (const [name, button] of Object.entries(this.buttons)) button.title = labels[name === "play" && this.timer ? "pause" : name];
    for (const button of Object.values(this.buttons)) button.setAttribute("aria-label", button.title);
    this.scrub.setAttribute("aria-label", labels.scrub);
    this.speed.setAttribute("aria-label", labels.speed);
  }

  key(event) {
    const act = { " ": () => this.toggle(), "[": () => this.go(this.position() - 1), "]": () => this.go(this.position() + 1) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}

/** The largest size of a number in these grids, the one that gets the full colour. */
function greatest(grids) {
  return Math.max(...grids.flatMap((grid) => grid.values.flat()).filter(Number.isFinite).map(Math.abs), 0);
}

function bracketed(value) {
  return value < 0 ? `(${written(value)})` : written(value);
}

/** Tell other components of the same group (a photograph beside the grid) where the window stands. */
function window_event(group, detail) {
  if (group) window.dispatchEvent(new CustomEvent("puddle-window", { detail: { group, ...detail } }));
}
