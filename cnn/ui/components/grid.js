// What the components share: how a number is written, and a grid of numbers that can be looked at and edited.

/** The element `tag` with these properties; `class` and `data-*` work as attributes do. */
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== "role") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const UNDO = "M6.5 2 2 6l4.5 4V7.2H9a2.8 2.8 0 0 1 0 5.6H5v2h4a4.8 4.8 0 0 0 0-9.6H6.5z";

/** The picture on a button: a path in a square of 16 x 16. */
function toolIcon(path) {
  const [svg, drawn] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

/** Move a slider, and the end of its filled part with it. */
function setSlider(range, value) {
  range.value = value;
  range.style.setProperty("--share", (range.value - range.min) / (range.max - range.min || 1));
}

/** A number as it is shown: whole numbers whole, others to three significant digits (or fewer), a true minus sign. */
function written(value, digits = 3) {
  if (value === null) return "−∞"; // JSON has no infinity; the padding of max pooling is the only one that we show
  const whole = Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1);
  let text = Number.isInteger(value) ? String(value) : String(Number(value.toFixed(Math.max(0, digits - whole))));
  if (Number(text) === 0 && value !== 0) text = "≈0";
  return text.replace("-", "−");
}

/** What a learner typed, as a number; NaN where it is none. */
function typed(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
}

const ROOMY_CELL = 24; // pixels; smaller cells show two digits, and the sum below the grid shows them all
const DRAG_PIXELS = 6; // the pointer moves this far for one step of a value

/**
 * A labelled grid of numbers.
 *
 * draw({values, role, label, shape, note, pad, dropped, editable, largest, size, regions}) shows a state; `mark` puts class
 * names on cells without redrawing. Calls back: onhover(row, column), onleave(), onedit(row, column, value, gesture),
 * onpick(row, column) for a press that is no drag (true: dealt with, else the cell opens for typing), onkey(event).
 * Rows and columns count the padding in.
 */
class GridView {
  constructor() {
    this.caption = element("figcaption");
    this.body = element("div", { class: "grid", role: "grid" });
    this.frame = element("div", { class: "frame", hidden: true });
    this.figure = element("figure", { class: "grid-figure" }, this.caption, this.body);
    this.cells = [];
    this.focused = [0, 0];
    this.listen();
  }

  draw(state) {
    const rows = state.values.length, columns = state.values[0].length;
    const reshaped = rows !== this.rows || columns !== this.columns;
    Object.assign(this, { state, rows, columns });
    this.figure.className = `grid-figure role-${state.role}`;
    this.caption.replaceChildren(
      element("span", { class: "name", textContent: state.label }),
      element("span", { class: "shape", textContent: state.shape ?? "" }),
      element("span", { class: "note", textContent: state.note ?? "" }),
    );
    this.body.classList.toggle("editable", Boolean(state.editable));
    this.body.setAttribute("aria-label", `${state.label} ${state.shape ?? ""}`);
    this.body.setAttribute("aria-readonly", String(!state.editable));
    this.body.style.setProperty("--size", `${state.size}px`);
    this.body.style.gridTemplateColumns = `repeat(${columns}, ${state.size}px)`;
    if (reshaped) this.build();
    this.fill();
  }

  build() {
    this.cells = Array.from({ length: this.rows }, (_, row) =>
      Array.from({ length: this.columns }, (_, column) =>
        element("div", { role: "gridcell", tabIndex: -1, "data-row": row, "data-column": column }, element("span"))));
    this.body.replaceChildren(...this.cells.map((cells) => element("div", { class: "row", role: "row" }, ...cells)), this.frame);
    this.focused = [Math.min(this.focused[0], this.rows - 1), Math.min(this.focused[1], this.columns - 1)];
    this.cells[this.focused[0]][this.focused[1]].tabIndex = 0;
  }

  fill() {
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) {
        if (this.dragging?.row !== row || this.dragging?.column !== column) this.fillCell(row, column);
      }
    }
  }

  /** Touches nothing in a cell that looks as before: the browser would lay it out and paint it again. */
  fillCell(row, column) {
    const cell = this.cells[row][column], value = this.state.values[row][column], { largest } = this.state;
    const text = written(value, this.state.size < ROOMY_CELL ? 2 : 3);
    if (cell.firstChild.textContent !== text && !cell.querySelector("input")) cell.firstChild.textContent = text;
    const region = this.state.regions?.[row][column] ?? -1;
    const share = region >= 0 ? 0.75 : largest > 0 && Number.isFinite(value) ? Math.min(1, Math.abs(value) / largest) : 0;
    const kinds = `cell${value < 0 ? " negative" : ""}${region >= 0 ? ` region-${region}` : ""}${this.kind(row, column)}`;
    const look = [kinds, `${Math.round(100 * share)}%`, text.length > 4 ? ".24" : text.length > 3 ? ".29" : ".36"];
    if (cell.look?.join() === look.join()) return;
    cell.look = look;
    cell.className = kinds;
    cell.style.setProperty("--share", look[1]);
    cell.style.setProperty("--fit", look[2]);
  }

  /** Whether a cell is padding, or dropped by the floor. */
  kind(row, column) {
    const [top, right, bottom, left] = this.state.pad ?? [0, 0, 0, 0];
    const [droppedRows, droppedColumns] = this.state.dropped ?? [0, 0];
    const padding = row < top || column < left || row >= this.rows - bottom || column >= this.columns - right;
    const dropped = row >= this.rows - droppedRows || column >= this.columns - droppedColumns;
    return (padding ? " pad" : "") + (dropped ? " dropped" : "");
  }

  /** Put `name` on exactly these cells. */
  mark(name, positions) {
    const marked = new Set(positions.map(([row, column]) => this.cells[row]?.[column]));
    for (const cell of this.body.querySelectorAll(`.cell.${name}`)) if (!marked.has(cell)) cell.classList.remove(name);
    for (const cell of marked) cell?.classList.add(name);
  }

  /** Draw a dashed frame around these rows and columns; none hides it. */
  outline(rows, columns) {
    this.frame.hidden = !rows.length || !columns.length;
    if (this.frame.hidden) return;
    const step = this.state.size + 2;
    const [top, bottom] = [Math.min(...rows), Math.max(...rows)], [left, right] = [Math.min(...columns), Math.max(...columns)];
    this.frame.style.transform = `translate(${left * step}px, ${top * step}px)`;
    this.frame.style.width = `${(right - left + 1) * step + 2}px`;
    this.frame.style.height = `${(bottom - top + 1) * step + 2}px`;
  }

  focus(row, column, steal = true) {
    this.cells[this.focused[0]]?.[this.focused[1]]?.setAttribute("tabindex", "-1");
    this.focused = [Math.max(0, Math.min(row, this.rows - 1)), Math.max(0, Math.min(column, this.columns - 1))];
    const cell = this.cells[this.focused[0]][this.focused[1]];
    cell.tabIndex = 0;
    if (steal) cell.focus();
  }

  listen() {
    const place = (event) => {
      const cell = event.target.closest?.(".cell");
      return cell ? [Number(cell.dataset.row), Number(cell.dataset.column)] : null;
    };
    this.body.onpointerover = (event) => { const at = place(event); if (at && !this.dragging) this.onhover?.(...at); };
    this.body.onpointerleave = () => this.onleave?.();
    this.body.addEventListener("focusin", (event) => { const at = place(event); if (at) { this.focus(...at, false); this.onhover?.(...at); } });
    this.body.onpointerdown = (event) => { const at = place(event); if (at) this.press(event, ...at); };
    this.body.onkeydown = (event) => this.key(event);
  }

  editableAt(row, column) {
    return this.state.editable && !this.kind(row, column).includes("pad");
  }

  key(event) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.target.tagName === "INPUT") return;
    const [row, column] = this.focused;
    if (moves[event.key]) this.focus(row + moves[event.key][0], column + moves[event.key][1]);
    else if (event.key === "Home") this.focus(event.ctrlKey ? 0 : row, 0);
    else if (event.key === "End") this.focus(event.ctrlKey ? this.rows : row, this.columns);
    else if ((event.key === "Enter" || /^[-−0-9.]$/.test(event.key)) && this.editableAt(row, column)) this.open(row, column, event.key);
    else return void this.onkey?.(event);
    event.preventDefault();
  }

  /** A press is an edit where it does not move, and a drag where it does: up or right is more. */
  press(event, row, column) {
    if (event.target.tagName === "INPUT" || !this.editableAt(row, column)) return;
    const cell = this.cells[row][column], start = [event.clientX, event.clientY], before = this.state.values[row][column];
    const step = this.state.step ?? 1, gesture = `drag ${Date.now()}`;
    cell.setPointerCapture(event.pointerId);
    cell.onpointermove = (move) => {
      const along = event.pointerType === "touch" ? move.clientX - start[0] : move.clientX - start[0] + start[1] - move.clientY;
      if (!this.dragging && Math.abs(along) < DRAG_PIXELS) return;
      this.dragging = { row, column };
      const value = Math.max(-999, Math.min(999, before + step * Math.round(along / DRAG_PIXELS)));
      const rounded = Number(value.toFixed(4));
      cell.firstChild.textContent = written(rounded);
      if (rounded !== this.dragging.sent) this.send(row, column, (this.dragging.sent = rounded), gesture);
    };
    cell.onpointerup = cell.onpointercancel = () => {
      cell.onpointermove = cell.onpointerup = cell.onpointercancel = null;
      const dragged = this.dragging;
      this.dragging = null;
      if (dragged || !this.editableAt(row, column)) return;
      this.focus(row, column);
      if (!this.onpick?.(row, column)) this.open(row, column, "Enter");
    };
  }

  /** At most one edit per animation frame; the last one always arrives. */
  send(row, column, value, gesture) {
    const waiting = Boolean(this.pending);
    this.pending = [row, column, value, gesture];
    if (waiting) return;
    requestAnimationFrame(() => {
      const edit = this.pending;
      this.pending = null;
      this.onedit?.(...edit);
    });
  }

  open(row, column, key) {
    const cell = this.cells[row][column], before = this.state.values[row][column];
    const field = element("input", { type: "text", inputMode: "decimal", value: key === "Enter" ? written(before) : key, "aria-label": this.state.label });
    const close = (keep) => {
      if (!field.isConnected) return;
      const value = typed(field.value);
      if (keep && (Number.isNaN(value) || Math.abs(value) > 999)) return void field.classList.add("wrong");
      field.onblur = null;
      field.remove();
      cell.focus();
      if (keep && value !== before) { cell.firstChild.textContent = written(value); this.onedit?.(row, column, value, ""); }
    };
    field.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Tab") { event.preventDefault(); close(true); if (event.key === "Tab") this.focus(row, column + (event.shiftKey ? -1 : 1)); }
      if (event.key === "Escape") close(false);
    };
    field.oninput = () => field.classList.toggle("wrong", field.value !== "" && field.value !== "-" && Number.isNaN(typed(field.value)));
    field.onblur = () => close(!Number.isNaN(typed(field.value)));
    cell.append(field);
    field.focus();
    if (key === "Enter") field.select();
  }
}
