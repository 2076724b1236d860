// Sliders and choices. What they offer and where they stand comes from Python; a move shows at once and is told.

const PATIENCE = 700; // milliseconds to wait for an answer before the next move is told all the same

const PANELS = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!PANELS.has(parentElement)) PANELS.set(parentElement, new Panel(parentElement, data.heard));
  PANELS.get(parentElement).update(data, setTriggerValue);
}

class Panel {
  constructor(parent, heard) {
    this.root = element("div", { class: "puddle panel" });
    parent.append(this.root);
    this.controls = new Map();
    this.moves = new Map(); // told or to be told, and not answered
    this.turn = heard;
  }

  update(data, trigger) {
    this.trigger = trigger;
    for (const [name, colour] of Object.entries(data.colours)) this.root.style.setProperty(name, colour);
    if (data.heard >= this.turn) this.answered();
    const offered = new Set(data.controls.map(({ key }) => key));
    for (const [key, control] of this.controls) if (!offered.has(key)) this.remove(key, control);
    data.controls.forEach((setting, at) => {
      const control = this.controls.get(setting.key) ?? this.add(setting);
      // One that stays is not moved in the page: it would drop out of the hand that holds it.
      if (this.root.children[at] !== control.root) this.root.insertBefore(control.root, this.root.children[at] ?? null);
      control.update(setting, this.moves.get(setting.key) ?? setting.value);
    });
  }

  add(setting) {
    const control = new (setting.options ? Choice : Slider)((value) => this.tell(setting.key, value));
    this.controls.set(setting.key, control);
    return control;
  }

  remove(key, control) {
    control.root.remove();
    this.controls.delete(key);
    this.moves.delete(key);
  }

  /** Tell Python, one report at a time; an answer to an earlier one must not take a control back. */
  tell(key, value) {
    this.moves.set(key, value);
    this.more = Boolean(this.timer);
    if (!this.timer) this.report();
  }

  report() {
    this.more = false;
    this.turn++;
    this.timer = setTimeout(() => this.settled(), PATIENCE);
    this.trigger("moved", { turn: this.turn, values: Object.fromEntries(this.moves) });
  }

  answered() {
    if (!this.more) this.moves.clear();
    this.settled();
  }

  settled() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.more) this.report();
  }
}

class Slider {
  constructor(tell) {
    this.tell = tell;
    this.name = element("span", { class: "name" });
    this.value = element("span", { class: "value" });
    this.range = element("input", { type: "range", oninput: () => this.moved(Number(this.range.value)) });
    this.root = element("label", { class: "slider" }, this.name, this.value, this.range);
  }

  update({ label, low, high, step, half }, value) {
    this.root.classList.toggle("half", half);
    this.name.textContent = label;
    this.range.setAttribute("aria-label", label);
    Object.assign(this.range, { min: low, max: Math.max(high, low + step), step, disabled: low >= high });
    this.show(value);
  }

  moved(value) {
    this.show(value);
    this.tell(value);
  }

  show(value) {
    setSlider(this.range, value);
    this.value.textContent = written(value);
  }
}

let groups = 0; // radio buttons of one choice are known by a common name

class Choice {
  constructor(tell) {
    this.tell = tell;
    this.group = `choice-${groups++}`;
    this.name = element("span", { class: "name" });
    this.options = element("div", { class: "options" });
    this.root = element("div", { class: "choice", role: "radiogroup" }, this.name, this.options);
  }

  update({ label, options }, value) {
    this.name.textContent = label;
    this.root.setAttribute("aria-label", label);
    const keys = options.map(([key]) => key).join(";");
    if (keys !== this.keys) this.options.replaceChildren(...options.map(([key]) => this.option(key)));
    this.keys = keys;
    options.forEach(([key, name], at) => {
      const [input, word] = this.options.children[at].children;
      input.checked = key === value;
      word.textContent = name;
    });
  }

  option(key) {
    const input = element("input", { type: "radio", name: this.group, value: key, onchange: () => this.tell(key) });
    return element("label", {}, input, element("span"));
  }
}
