// A layer's kernels as a table: a column for each map, a row for each map below. A column can be picked.

const TABLES = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!TABLES.has(parentElement)) TABLES.set(parentElement, new KernelTable(parentElement));
  const table = TABLES.get(parentElement);
  table.trigger = setTriggerValue;
  table.update(data);
}

class KernelTable {
  constructor(parent) {
    this.hint = element("div", { class: "hint" });
    this.body = element("div", { class: "kernels" });
    this.root = element("div", { class: "puddle kernel-table" }, this.hint, element("div", { class: "scroll" }, this.body));
    parent.append(this.root);
  }

  update(data) {
    this.data = data;
    for (const [name, colour] of Object.entries(data.colours)) this.root.style.setProperty(name, colour);
    this.hint.textContent = data.labels.hint;
    const focused = this.root.getRootNode().activeElement?.dataset?.column;
    this.body.style.gridTemplateColumns = `auto repeat(${data.columns.length}, minmax(${data.wide ? 3.2 : 1.7}rem, ${data.wide ? 6 : 3.2}rem))`;
    const tones = tileTones(data.colours, "--kernel"), values = tileBytes(data.pixels);
    const heads = data.columns.map((column, at) => this.head(column, at));
    const rows = data.below.map((name, row) => [element("div", { class: "name", textContent: name }), ...data.columns.map((column, at) => this.cell(values, tones, row, at))]);
    this.body.replaceChildren(element("div", { class: "corner", textContent: data.layer }), ...heads, ...rows.flat());
    if (focused !== undefined) heads[data.columns.indexOf(Number(focused))]?.focus();
  }

  head(column, at) {
    const chosen = column === this.data.chosen;
    return element("button", {
      type: "button", class: `column${chosen ? " chosen" : ""}`, "data-column": column, "aria-pressed": String(chosen), textContent: column,
      "aria-label": this.data.labels.column.replace("{layer}", this.data.layer).replace("{unit}", column),
      onclick: () => this.trigger("pick", column), onkeydown: (event) => this.key(event, at),
    });
  }

  key(event, at) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key], column = this.data.columns[at + by];
    if (column === undefined) return;
    event.preventDefault();
    this.body.querySelector(`[data-column="${column}"]`).focus();
    this.trigger("pick", column);
  }

  cell(values, tones, row, at) {
    const { reads, size, columns, below, chosen } = this.data, column = columns[at];
    const box = element("div", { class: `cell-of${column === chosen ? " chosen" : ""}${reads[at][row] ? "" : " none"}`, onclick: () => this.trigger("pick", column) });
    if (!reads[at][row]) return box;
    const canvas = element("canvas");
    paintTile(canvas, values, (at * below.length + row) * size[0] * size[1], ...size, tones);
    box.append(canvas);
    return box;
  }
}
