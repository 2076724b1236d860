// Before and after, side by side: image, convolution, pooled map. What is shown and what changed comes from Python.

const WIDEST_CELL = 34, NARROW = 520, LABEL = 130; // pixels

const COMPARISONS = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!COMPARISONS.has(parentElement)) COMPARISONS.set(parentElement, new Comparison(parentElement));
  const comparison = COMPARISONS.get(parentElement);
  comparison.trigger = setTriggerValue;
  comparison.update(data);
  return () => comparison.resize.disconnect();
}

class Comparison {
  constructor(parent) {
    this.root = element("div", { class: "puddle comparison" });
    parent.append(this.root);
    this.levels = [];
    this.resize = new ResizeObserver(() => this.width !== this.root.clientWidth && this.resized());
    this.resize.observe(this.root);
  }

  /** The width is read when it changes and not at each update: that would have the browser lay out the page at once. */
  resized() {
    this.width = this.root.clientWidth;
    if (this.data) this.draw();
  }

  update(data) {
    this.data = data;
    for (const [name, colour] of Object.entries(data.colours)) this.root.style.setProperty(name, colour);
    if (this.levels.length !== data.levels.length) this.build();
    this.draw();
  }

  build() {
    this.heads = [element("div", { class: "corner" }), element("div", { class: "head" }), element("div", { class: "head" })];
    this.levels = this.data.levels.map((_, index) => {
      const views = [new GridView(), new GridView()];
      for (const view of views) {
        view.onhover = (row, column) => this.look(index, row, column);
        view.onleave = () => this.look(index, -1, -1);
      }
      return { views, label: element("div", { class: "level" }, element("b"), element("span"), element("br"), element("span")) };
    });
    const picture = this.levels[0].views[1];
    picture.onpick = (row, column) => {
      if (this.data.pixel?.[0] === row && this.data.pixel?.[1] === column) return false; // press again to type
      this.trigger("pick", [row, column]);
      return true;
    };
    picture.onedit = (row, column, value) => this.trigger("edit", [row, column, value]);
    this.root.replaceChildren(...this.heads, ...this.levels.flatMap(({ label, views }) => [label, ...views.map((view) => view.figure)]));
  }

  draw() {
    const { data } = this;
    this.width ||= this.root.clientWidth;
    const narrow = this.width < NARROW, widest = Math.max(...data.levels.map((level) => level.before[0].length));
    this.root.classList.toggle("narrow", narrow);
    const room = (this.width - (narrow ? 16 : LABEL + 48)) / 2;
    const size = Math.max(9, Math.min(WIDEST_CELL, Math.floor(room / widest - 2)));
    [this.heads[1].textContent, this.heads[2].textContent] = [data.labels.original, data.labels.changed];
    this.levels.forEach(({ views, label }, index) => this.drawLevel(data.levels[index], views, label, size, index === 0));
  }

  drawLevel(level, views, label, size, first) {
    const [name, shape, , note] = label.children;
    [name.textContent, shape.textContent, note.textContent] = [level.name, level.shape, level.note];
    const largest = Math.max(...[level.before, level.after].flat(2).map(Math.abs), 0);
    const changed = level.changed.flatMap((row, at) => row.flatMap((is, along) => (is ? [[at, along]] : [])));
    [level.before, level.after].forEach((values, side) => {
      const word = side ? this.data.labels.changed : this.data.labels.original;
      views[side].draw({ values, role: level.role, label: `${level.name}, ${word}`, shape: level.shape, size, largest, editable: first && side === 1 && this.data.editable, step: 0.05 });
      views[side].mark("changed", side ? changed : []);
      views[side].mark("picked", first && side && this.data.pixel ? [this.data.pixel] : []);
    });
  }

  /** Follow a cell upwards: frame what it looks at, on both sides, up to the image. */
  look(index, row, column) {
    let rows = row < 0 ? [] : [row], columns = column < 0 ? [] : [column];
    this.levels.forEach(({ views }) => views.forEach((view) => view.outline([], [])));
    for (let at = index; at >= 0; at--) {
      this.levels[at].views.forEach((view) => view.outline(rows, columns));
      if (!at) break;
      const level = this.data.levels[at];
      rows = [...new Set(rows.flatMap((cell) => level.rows[cell]))];
      columns = [...new Set(columns.flatMap((cell) => level.columns[cell]))];
    }
  }
}
