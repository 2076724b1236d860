// A court in the rain. The ground, which place of a window is the lowest, how each drop gets there and how high the water
// stands come from Python; here it rains.

const ICONS = { back: "M12 2v12L4 8z", forward: "M4 2v12l8-6z", pause: "M4 2h3v12H4zM9 2h3v12H9z", rain: "M8 1c2.6 3.4 4.5 5.8 4.5 8.2a4.5 4.5 0 0 1-9 0C3.5 6.8 5.4 4.4 8 1z" };
// The court is seen from above, turned a little: where one step along the columns, the rows and upwards leads, in units.
const UNIT = 100, ACROSS = [0.934, 0.284], DOWN = [-0.358, 0.74], UP = 0.609;
const RELIEF = 0.7, GROUND = 0.3, SKY = 1.1, HEADROOM = 0.32; // heights in cells: lowest place to highest, below, where drops appear
const SHOWER = 6.5, WINDOW = 1.7, LONGEST = 20; // seconds: all at once, one window, and window after window at most
const FALL = 0.34, RUN = 0.82; // of a drop's life: until it lands, until it has arrived
const MOST_DROPS = 320;
const FITS = [0, 0.44, 0.37, 0.3, 0.24, 0.2]; // the size of numbers of so many characters, in cells

const COURTS = new WeakMap();

export default function ({ data, parentElement }) {
  if (!COURTS.has(parentElement)) COURTS.set(parentElement, new Board(parentElement));
  const board = COURTS.get(parentElement);
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

/** The point of the drawing that shows a place of the court at a height, both in cells. */
function point(row, column, height) {
  return [UNIT * (column * ACROSS[0] + row * DOWN[0]), UNIT * (column * ACROSS[1] + row * DOWN[1] - height * UP)];
}

const joined = (points) => points.map((at) => at.map((value) => value.toFixed(1)).join()).join(" ");
const between = (from, to, share) => from + (to - from) * share;
const clamped = (share) => Math.max(0, Math.min(1, share));
const eased = (share) => share * share * (3 - 2 * share);
const mixed = (from, to, share) => from.map((value, i) => between(value, to[i], share));

/** The drawing: ground, water, numbers, and the frame and the ways of the window that is looked at. */
class Relief {
  constructor(data) {
    this.data = data;
    [this.rows, this.columns] = [data.values.length, data.values[0].length];
    this.bottom = -RELIEF - GROUND;
    const [left, right] = [point(this.rows, 0, 0)[0], point(0, this.columns, 0)[0]];
    const [top, low] = [-UNIT * HEADROOM, point(this.rows, this.columns, this.bottom)[1]];
    this.svg = shape("svg", { class: "relief", viewBox: [left - 4, top, right - left + 8, low - top + 6].map(Math.round).join(" "), role: "img" });
    this.cells = data.values.map((values, row) => values.map((_, column) => this.cell(row, column)));
    this.over = shape("g", { class: "over", "aria-hidden": "true" });
    this.size = UNIT * FITS[Math.min(5, Math.max(...data.values.flat().map((value) => written(value).length)))];
    this.numbers = data.values.map((values) => values.map((value) => this.number(value)));
    data.values.forEach((values, row) => values.forEach((_, column) => this.place(row, column)));
    this.svg.append(shape("g", { "aria-hidden": "true" }, ...this.cells.flat().map(({ group }) => group)), shape("g", { "aria-hidden": "true" }, ...this.numbers.flat()), this.over);
  }

  ground(row, column) { return RELIEF * (this.data.heights[row]?.[column] ?? this.bottom / RELIEF); }

  /** How high the water of a place stands now, its ground where there is none. */
  surface(row, column) {
    const { full } = this.cells[row][column], ground = this.ground(row, column);
    return full ? between(ground, RELIEF * this.data.levels[row][column], full) : ground;
  }

  /** A square column of ground: its top, and of its sides what its neighbours in front do not hide. */
  cell(row, column) {
    const height = this.ground(row, column), region = this.data.regions?.[row][column] ?? -1;
    const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]];
    const group = shape("g", { class: `ground region-${region}`, "data-row": row, "data-column": column });
    if (!this.data.regions) group.style.setProperty("--share", `${Math.round(-45 * this.data.heights[row][column])}%`);
    for (const [side, ends, beside] of [["right", [1, 2], this.ground(row, column + 1)], ["front", [2, 3], this.ground(row + 1, column)]]) {
      if (beside >= height) continue;
      const [a, b] = ends.map((end) => corners[end]);
      group.append(shape("polygon", { class: side, points: joined([point(...a, height), point(...b, height), point(...b, beside), point(...a, beside)]) }));
    }
    group.append(shape("polygon", { class: "top", points: joined(corners.map((corner) => point(...corner, height))) }));
    const made = { group, full: 0 };
    if (this.data.levels[row][column] !== null) {
      Object.assign(made, { water: shape("g", { class: "water" }), body: shape("path", { class: "body" }), shore: shape("path", { class: "shore" }), glint: shape("path", { class: "glint" }) });
      made.water.append(made.body, made.shore, made.glint);
      group.append(made.water);
    }
    return made;
  }

  number(value) {
    return shape("text", { "font-size": this.size, "text-anchor": "middle" }, written(value));
  }

  /** A number stands on its ground or its water, up a little where what is in front hides the lower part. */
  place(row, column) {
    const height = this.surface(row, column), hidden = Math.max(0, this.ground(row + 1, column) - height, this.ground(row, column + 1) - height);
    const [x, y] = point(row + 0.5, column + 0.5, height), number = this.numbers[row][column];
    number.setAttribute("x", x.toFixed(1));
    number.setAttribute("y", (y + 0.36 * this.size - 0.4 * UNIT * UP * hidden).toFixed(1));
  }

  /** Fill the puddles, each to a share of its depth: [[row, column, share], ...]. */
  fill(shares) {
    for (const [row, column, full] of shares) {
      const cell = this.cells[row][column];
      Object.assign(cell, { changed: cell.full !== full, full });
      cell.water.style.display = full ? "" : "none";
      this.numbers[row][column].classList.toggle("pooled", full === 1);
    }
    for (const [row, column] of shares) {
      const cell = this.cells[row][column];
      if (!cell.changed) continue;
      if (cell.full) this.pour(row, column, cell);
      this.place(row, column);
    }
  }

  /** The water: a rounded sheet while it is shallow, from wall to wall once it stands, seen from the side at the court's edge. */
  pour(row, column, cell) {
    const level = RELIEF * this.data.levels[row][column], ground = this.ground(row, column), height = this.surface(row, column);
    const grown = Math.sqrt(clamped(cell.full / 0.25)), deep = level > ground + 1e-6, spread = deep ? eased(clamped(cell.full / 0.3)) : 0;
    const [top, right, bottom, left] = this.joins(row, column, level);
    const inset = (with_neighbour) => (with_neighbour ? 0 : between(between(0.42, 0.07, grown), 0, spread));
    const sides = [row + inset(top), column + 1 - inset(right), row + 1 - inset(bottom), column + inset(left)];
    const corners = [[0, 3], [0, 1], [2, 1], [2, 3]].map(([y, x]) => point(sides[y], sides[x], height));
    const round = [top || left, top || right, bottom || right, bottom || left].map((free) => (free ? 0 : between(0.4, 0.02, spread)));
    let [path, shore] = [this.rounded(corners, round, []), this.rounded(corners, round, [top, right, bottom, left])];
    const wall = (a, b) => `M${joined([point(...a, height)])}L${joined([point(...b, height), point(...b, ground), point(...a, ground)])}z`;
    if (deep && row === this.rows - 1) path += wall([row + 1, column], [row + 1, column + 1]);
    if (deep && column === this.columns - 1) path += wall([row, column + 1], [row + 1, column + 1]);
    cell.body.setAttribute("d", path);
    cell.shore.setAttribute("d", shore);
    cell.water.style.setProperty("--depth", clamped((height - ground) / (0.6 * RELIEF)).toFixed(3));
    const along = (y, x) => joined([mixed(mixed(corners[0], corners[1], x), mixed(corners[3], corners[2], x), y)]);
    cell.glint.setAttribute("d", top || left ? "" : `M${along(0.34, 0.1)}Q${along(0.13, 0.12)} ${along(0.11, 0.36)}`);
  }

  /** Beside which neighbours (above, right, below, left) the same sheet of water goes on. */
  joins(row, column, level) {
    return [[-1, 0], [0, 1], [1, 0], [0, -1]].map(([down, across]) => {
      const beside = this.data.levels[row + down]?.[column + across];
      return beside != null && RELIEF * beside === level && this.data.heights[row + down][column + across] === this.data.heights[row][column] && this.cells[row + down][column + across].full > 0;
    });
  }

  /** A path round these corners, each cut off at its share of the sides; the sides (above, right, ...) that are `open` are left out. */
  rounded(corners, shares, open) {
    const turns = corners.map((corner, at) => {
      const [before, after] = [corners[(at + 3) % 4], corners[(at + 1) % 4]];
      return [mixed(corner, before, shares[at]), corner, mixed(corner, after, shares[at])];
    });
    const drawn = turns.map(([begin, corner, end], at) => `${open[(at + 3) % 4] ? "M" : "L"}${joined([begin])}Q${joined([corner])} ${joined([end])}`);
    return `M${joined([turns[3][2]])}${drawn.join("")}`;
  }

  /** Frame a window and, unless drops show it, draw the way of each cell's water; null shows none. */
  look(puddle, ways) {
    this.over.replaceChildren();
    if (!puddle) return;
    const [top, left] = puddle.cells[0], [bottom, right] = puddle.cells.at(-1);
    const corners = [[top, left], [top, right + 1], [bottom + 1, right + 1], [bottom + 1, left]].map((corner) => point(...corner, 0.03));
    this.over.append(shape("polygon", { class: "window", points: joined(corners) }));
    for (const run of puddle.runs) if (ways && run.length > 1) this.over.append(...this.way(run));
  }

  /** An arrow along a run, from beside the first number to beside the last. */
  way(run) {
    const centres = run.map(([row, column]) => point(row + 0.5, column + 0.5, this.surface(row, column)));
    const first = mixed(centres[0], centres[1], 0.28), end = mixed(centres.at(-2), centres.at(-1), 0.66);
    const line = joined([first, ...centres.slice(1, -1), end]), from = run.length > 2 ? centres.at(-2) : first;
    const length = Math.hypot(end[0] - from[0], end[1] - from[1]), [x, y] = [(end[0] - from[0]) / length, (end[1] - from[1]) / length];
    const turn = (side) => joined([[end[0] - 8 * x - 6 * side * y, end[1] - 8 * y + 6 * side * x]]);
    const path = `M${line}M${turn(1)}L${joined([end])}L${turn(-1)}`;
    return [shape("path", { class: "way halo", d: path }), shape("path", { class: "way", d: path })];
  }
}

/** The drops of one window, each somewhere on its way at any moment of the window's rain. */
class Drops {
  constructor(relief, puddle, each, life) {
    Object.assign(this, { relief, life });
    this.drops = puddle.runs.flatMap((run, cell) => Array.from({ length: each }, (_, at) => this.drop(run, cell, at, each)));
  }

  /** When a drop starts and where on its cell it lands are its own, and the same every time. */
  drop(run, cell, at, each) {
    const chance = (salt) => { const wave = Math.sin(127.1 * (run[0][0] * 31 + run[0][1]) + 311.7 * at + 74.7 * salt) * 43758.5453; return wave - Math.floor(wave); };
    return { run, begin: (1 - this.life) * ((at + chance(1)) / each), aside: [0.28 * (chance(2) - 0.5), 0.28 * (chance(3) - 0.5)] };
  }

  at(progress) {
    for (const drop of this.drops) {
      const age = (progress - drop.begin) / this.life;
      if (age <= 0 || age >= 1) this.remove(drop);
      else if (age < FALL) this.fall(drop, age / FALL);
      else if (age < RUN && drop.run.length > 1) this.run(drop, (age - FALL) / (RUN - FALL));
      else this.ripple(drop, drop.run.length > 1 ? (age - RUN) / (1 - RUN) : (age - FALL) / (1 - FALL));
    }
  }

  remove(drop) {
    drop.mark?.remove();
    drop.mark = drop.kind = null;
  }

  /** The drop's mark, in the cell where it is now, so that what stands in front hides it. */
  mark(drop, kind, [row, column], attributes) {
    if (drop.kind !== kind) {
      this.remove(drop);
      Object.assign(drop, { kind, mark: shape(kind === "falling" ? "line" : "ellipse", { class: `drop ${kind}` }) });
    }
    for (const [name, value] of Object.entries(attributes)) drop.mark.setAttribute(name, typeof value === "number" ? value.toFixed(1) : value);
    const { group } = this.relief.cells[row][column];
    if (drop.mark.parentNode !== group) group.append(drop.mark);
  }

  fall(drop, share) {
    const [row, column] = drop.run[0], ground = this.relief.surface(row, column);
    const [x, y] = point(row + 0.5 + drop.aside[0], column + 0.5 + drop.aside[1], between(ground + SKY, ground, share));
    this.mark(drop, "falling", drop.run[0], { x1: x, x2: x, y1: y - 24, y2: y });
    drop.mark.style.opacity = clamped(share * 4).toFixed(2);
  }

  run(drop, share) {
    const legs = drop.run.length - 1, along = Math.min(legs - 1e-6, legs * eased(share)), leg = Math.floor(along), part = along - leg;
    const [from, to] = [drop.run[leg], drop.run[leg + 1]], heights = [from, to].map((place) => this.relief.surface(...place));
    const height = between(...heights, eased(clamped((part - 0.42) / 0.3))), aside = 1 - along / legs;
    const [row, column] = mixed(from, to, part);
    const [x, y] = point(row + 0.5 + aside * drop.aside[0], column + 0.5 + aside * drop.aside[1], height);
    this.mark(drop, "running", part < 0.5 ? from : to, { cx: x, cy: y - 3, rx: 5.5, ry: 4.6 });
  }

  ripple(drop, share) {
    const end = drop.run.at(-1), [x, y] = point(end[0] + 0.5, end[1] + 0.5, this.relief.surface(...end));
    this.mark(drop, "ring", end, { cx: x, cy: y, rx: 4 + 27 * share, ry: 3 + 21 * share });
    drop.mark.style.opacity = (0.75 * (1 - share)).toFixed(2);
  }
}

class Board {
  constructor(parent) {
    this.map = new GridView();
    this.map.onhover = (row, column) => this.look(row * this.data.pooled[0].length + column);
    this.map.onleave = () => this.look(null);
    this.map.body.addEventListener("focusin", ({ target }) => target.dataset.row && this.map.onhover(Number(target.dataset.row), Number(target.dataset.column)));
    this.map.body.addEventListener("focusout", () => this.look(null));
    this.scene = element("div", { class: "scene" });
    this.says = element("div", { class: "says", role: "status" });
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.still.onchange = () => { this.pause(); this.name(); };
    this.root = element("div", { class: "puddle court" },
      element("div", { class: "board" }, this.scene, this.map.figure), this.says, this.player());
    this.root.onkeydown = (event) => this.key(event);
    this.resize = new ResizeObserver(() => this.data && this.width !== this.root.clientWidth && this.layout());
    this.resize.observe(this.root);
    parent.append(this.root);
  }

  close() {
    this.pause();
    this.resize.disconnect();
    this.still.onchange = null;
  }

  get count() { return this.data.puddles.length; }

  update(data) {
    const said = JSON.stringify(data);
    if (said === this.said) return;
    const { colours, labels, ...court } = data, shown = JSON.stringify(court), rained = shown !== this.shown;
    Object.assign(this, { said, data, shown });
    for (const [name, colour] of Object.entries(colours)) this.root.style.setProperty(name, colour);
    if (rained) this.build();
    this.relief.svg.setAttribute("aria-label", labels.relief.replace("{depths}", data.puddles.map(({ depth }) => written(depth)).join(", ")));
    this.layout();
    this.name();
    this.tell();
  }

  /** Another court: it lies there with its puddles full. */
  build() {
    this.pause();
    this.clear(); // the drops belong to the old one
    this.relief = new Relief(this.data);
    this.scene.replaceChildren(this.relief.svg);
    this.relief.svg.onpointerover = (event) => this.over(event);
    this.relief.svg.onpointerleave = (event) => event.pointerType !== "touch" && this.look(null); // a finger that has left still points
    this.scrub.max = this.count;
    this.chosen = this.hovered = null;
    this.show(this.count);
  }

  /** The pooled map takes what the relief leaves it. */
  layout() {
    const columns = this.data.pooled[0].length, width = (this.width = this.root.clientWidth);
    const room = width < 560 ? Math.min(width, 250) : Math.max(150, Math.min(264, 0.3 * width));
    const size = Math.max(14, Math.min(60, Math.floor(room / columns) - 2));
    const shapes = `${this.data.pooled.length} × ${columns}`;
    this.map.draw({ values: this.data.pooled, role: "output", label: this.data.labels.map, shape: shapes, size, largest: 0, regions: this.data.pooled_regions });
    this.water();
    this.light();
  }

  // ---- how far the rain is

  /** Window after window: `time` windows have had their rain. Shower: all have had the same share of theirs. */
  show(time, shower = false) {
    Object.assign(this, { time, shower });
    this.progress = this.data.puddles.map((_, at) => clamped(shower ? time / this.count : time - at));
    const life = shower ? 0.2 : 0.62, each = this.each(shower);
    if (this.falling !== `${shower}`) {
      this.clear();
      this.drops = this.data.puddles.map((puddle) => new Drops(this.relief, puddle, each, life));
      this.falling = `${shower}`;
    }
    this.full = this.progress.map((progress) => clamped((progress - RUN * life) / (1 - RUN * life)));
    const full = new Map();
    this.data.puddles.forEach(({ lowest }, at) => { for (const place of lowest) full.set(`${place}`, Math.max(full.get(`${place}`) ?? 0, this.full[at])); });
    this.relief.fill([...full].map(([place, share]) => [...place.split(",").map(Number), share]));
    this.drops.forEach((drops, at) => drops.at(this.still.matches ? 1 : this.progress[at]));
    this.water();
    setSlider(this.scrub, time);
    const done = this.full.filter((share) => share === 1).length;
    this.counter.textContent = this.data.labels.count.replace("{count}", done).replace("{all}", this.count);
  }

  each(shower) {
    const cells = this.data.puddles.reduce((sum, { cells }) => sum + cells.length, 0);
    return Math.max(1, Math.min(shower ? 10 : 3, Math.floor(MOST_DROPS / cells)));
  }

  clear() {
    for (const { drops } of this.drops ?? []) for (const drop of drops) drop.mark?.remove();
    this.drops = this.falling = null;
  }

  /** The pooled map fills as the puddles do. */
  water() {
    const later = [];
    this.data.puddles.forEach(({ row, column }, at) => {
      this.map.cells[row]?.[column]?.style.setProperty("--full", `${(100 * this.full[at]).toFixed(1)}%`);
      if (this.full[at] < 1) later.push([row, column]);
    });
    this.map.mark("later", later);
  }

  // ---- what is looked at

  over(event) {
    const ground = event.target.closest(".ground");
    if (!ground) return;
    const has = (places) => places.some(([row, column]) => row === Number(ground.dataset.row) && column === Number(ground.dataset.column));
    const gathered = this.data.puddles.findIndex(({ lowest }) => has(lowest));
    this.look(gathered >= 0 ? gathered : this.data.puddles.findIndex(({ cells }) => has(cells)));
  }

  look(at) {
    this.hovered = at === -1 ? null : at;
    this.light();
  }

  light() {
    const at = this.hovered ?? this.chosen, puddle = at === null ? null : this.data.puddles[at];
    this.relief.look(puddle, !this.frame);
    this.map.mark("active", puddle ? [[puddle.row, puddle.column]] : []);
    this.tell();
  }

  /** The window that is looked at, in words. */
  tell() {
    const { labels, values } = this.data, at = this.hovered ?? this.chosen;
    if (at === null) return void (this.says.textContent = labels.hint);
    const { row, column, cells, lowest, depth } = this.data.puddles[at];
    const said = (lowest.length > 1 ? labels.window_tied : labels.window).replace("{row}", row).replace("{column}", column)
      .replace("{values}", cells.map(([y, x]) => written(values[y][x])).join(", ")).replace("{places}", lowest.length);
    const [before, after] = said.split("{depth}");
    this.says.replaceChildren(before, element("strong", { textContent: written(depth) }), after);
  }

  // ---- playing

  player() {
    const button = (name, act) => element("button", { class: `tool ${name}`, type: "button", onclick: act }, icon(name));
    this.buttons = { rain: button("rain", () => this.toggle()), back: button("back", () => this.step(-1)), forward: button("forward", () => this.step(1)) };
    this.scrub = element("input", { type: "range", min: 0, max: 1, value: 0, step: "any", oninput: () => this.jump(Number(this.scrub.value)) });
    this.scrub.onkeydown = (event) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (by) { event.preventDefault(); event.stopPropagation(); this.step(by); }
    };
    this.counter = element("span", { class: "count" });
    return element("div", { class: "player" }, ...Object.values(this.buttons), this.scrub, this.counter);
  }

  jump(time) {
    this.pause();
    if (this.still.matches) time = Math.round(time);
    this.choose(time);
    this.show(time);
    this.name();
  }

  /** The window whose rain it is at that time. */
  choose(time) {
    this.chosen = time > 0 ? Math.min(this.count, Math.ceil(time)) - 1 : null;
    this.light();
  }

  /** To the next window, with its rain, or back to the one before; after the last the court is dry again. */
  step(by) {
    this.pause();
    const here = by > 0 ? Math.floor(this.time + 1e-6) : Math.ceil(this.time - 1e-6), next = (here + by + this.count + 1) % (this.count + 1);
    if (by < 0 || next === 0 || this.still.matches) return this.jump(next);
    this.choose(next);
    this.play(here, next, WINDOW, false);
  }

  toggle() {
    if (this.frame) return this.pause();
    if (this.still.matches) return this.step(1);
    const begin = this.time >= this.count ? 0 : this.time, together = Boolean(this.data.regions) && (begin === 0 || this.shower);
    const seconds = together ? SHOWER : Math.min(WINDOW * this.count, LONGEST);
    if (together) this.chosen = null;
    this.play(begin, this.count, (seconds * (this.count - begin)) / this.count, together);
  }

  play(from, to, seconds, together) {
    const begin = performance.now();
    const draw = (now) => {
      const share = clamped((now - begin) / (1000 * seconds)), time = between(from, to, share);
      if (!together && this.chosen !== Math.min(this.count, Math.ceil(time || 1)) - 1) this.choose(time);
      this.show(time, together);
      this.frame = share < 1 ? requestAnimationFrame(draw) : null;
      if (share === 1) this.rest();
    };
    this.frame = requestAnimationFrame(draw);
    this.name();
    this.light();
  }

  /** The rain is over: its last window stays in sight only where it was one window's. */
  rest() {
    if (this.time === this.count) this.show(this.count);
    this.name();
    this.light();
  }

  pause() {
    if (!this.frame) return;
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.name();
    this.light();
  }

  /** Buttons say what they do, in the learner's language. */
  name() {
    const { labels } = this.data, raining = Boolean(this.frame), says = raining ? "pause" : this.time % this.count ? "go_on" : "rain";
    // All its names lie on one another, so that the button is as wide as the widest and nothing beside it moves.
    const names = ["rain", "pause", "go_on"].map((name) => element("span", { textContent: labels[name], hidden: name !== says }));
    this.buttons.rain.replaceChildren(icon(raining ? "pause" : "rain"), element("span", { class: "names" }, ...names));
    this.buttons.rain.hidden = this.still.matches;
    for (const name of ["back", "forward"]) this.buttons[name].title = labels[name];
    for (const name of ["back", "forward"]) this.buttons[name].setAttribute("aria-label", labels[name]);
    this.scrub.setAttribute("aria-label", labels.scrub);
  }

  key(event) {
    if (event.key === " " && event.target.tagName === "BUTTON") return; // its own
    const act = { " ": () => this.toggle(), "[": () => this.step(-1), "]": () => this.step(1) }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}
