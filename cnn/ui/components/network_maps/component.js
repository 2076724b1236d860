// A network drawn layer by layer, in its two halves. Any pixel of any map can be picked; Python says what it depends on.

const NETWORKS = new WeakMap();
const AFTER = 60; // milliseconds that an arrow key waits for the next one

export default function ({ data, parentElement, setTriggerValue }) {
  if (!NETWORKS.has(parentElement)) NETWORKS.set(parentElement, new Network(parentElement));
  const network = NETWORKS.get(parentElement);
  network.trigger = setTriggerValue;
  network.update(data);
  return () => clearTimeout(network.telling);
}

class Network {
  constructor(parent) {
    this.root = element("div", { class: "puddle network" });
    parent.append(this.root);
  }

  update(data) {
    for (const [name, colour] of Object.entries(data.colours)) this.root.style.setProperty(name, colour);
    const built = JSON.stringify([data.halves, data.layers.map(({ label, tiles, rows, columns, shape }) => [label, tiles, rows, columns, shape])]);
    this.data = data;
    if (built !== this.built) this.build();
    this.built = built;
    if (!this.telling) this.at = { ...data.unit }; // a key pressed since is not forgotten
    this.paint();
    this.shares();
    this.mark();
  }

  // ---- what there is

  build() {
    this.layers = this.data.layers.map((layer, index) => this.layer(layer, index));
    this.root.replaceChildren(...this.data.halves.map(({ part, name, said, note }) => {
      const inside = this.layers.filter((_, index) => this.data.layers[index].part === part);
      const head = element("div", { class: "head" }, element("code", { textContent: name }), element("span", { textContent: said }));
      return element("section", { class: `half ${part}` }, head, element("div", { class: "layers" }, ...inside.map(({ figure }) => figure)), element("div", { class: "note", textContent: note }));
    }));
  }

  layer(layer, index) {
    const tiles = Array.from({ length: layer.tiles }, (_, tile) => this.tile(layer, tile));
    const body = element("div", { class: `tiles${layer.bars ? " bars" : ""}`, style: `--across: ${layer.across}` }, ...tiles.map(({ box }) => box));
    if (index) {
      body.tabIndex = 0;
      body.setAttribute("role", "group");
      body.onkeydown = (event) => this.key(event, index);
      body.onclick = (event) => this.click(event, index);
    }
    const caption = element("figcaption", {}, element("b", { textContent: layer.label }), element("span", { textContent: layer.shape }));
    return { tiles, body, figure: element("figure", { class: `layer${index ? " live" : ""}`, style: `--share: ${layer.wide}` }, caption, body) };
  }

  tile(layer, tile) {
    const seen = element("div", { class: "seen", hidden: true }), unit = element("div", { class: "unit", hidden: true });
    if (layer.bars) {
      const bar = element("i"), share = element("span", { class: "share" });
      return { bar, share, seen, unit, box: element("div", { class: "tile bar", "data-tile": tile }, element("b", { textContent: tile }), element("div", { class: "track" }, bar), share, seen, unit) };
    }
    const canvas = element("canvas");
    return { canvas, seen, unit, box: element("div", { class: "tile", "data-tile": tile, title: layer.spoken.replace("{map}", tile) }, canvas, seen, unit) };
  }

  paint() {
    this.data.layers.forEach((layer, index) => {
      this.layers[index].body.setAttribute("aria-label", layer.described);
      if (layer.bars) return;
      const values = tileBytes(layer.pixels), palette = tileTones(this.data.colours, index ? "--output" : "--input");
      this.layers[index].tiles.forEach(({ canvas }, tile) => paintTile(canvas, values, tile * layer.rows * layer.columns, layer.rows, layer.columns, palette));
    });
  }

  shares() {
    const { shares } = this.data, best = shares.indexOf(Math.max(...shares));
    this.layers.at(-1).tiles.forEach(({ bar, share, box }, at) => {
      bar.style.width = `${100 * shares[at]}%`;
      share.textContent = this.data.written[at];
      box.classList.toggle("best", at === best);
    });
  }

  // ---- what is looked at

  /** Frames around all that the unit depends on; maps that it does not read are faint. */
  mark() {
    const spans = new Map(this.data.trace.map((seen) => [seen.layer, seen]));
    const last = this.data.layers.findIndex(({ label }) => label === this.at.layer);
    this.data.layers.forEach((layer, index) => {
      const seen = spans.get(layer.label);
      this.layers[index].tiles.forEach((tile, at) => {
        const inside = seen && (layer.units ? !layer.bars : seen.maps.includes(at));
        tile.box.classList.toggle("unread", index < last && !inside);
        const whole = layer.units && seen?.maps.length > 1;
        frame(tile.seen, inside && index < last, layer, ...(layer.units ? (whole ? [0, layer.rows, 0, layer.columns] : [0, 0, 0, 0]) : inside ? [...seen.rows, ...seen.columns] : [0, 0, 0, 0]));
        frame(tile.unit, ...this.own(layer, index === last, at));
      });
    });
  }

  /** Where the unit itself is, on this tile. */
  own(layer, here, tile) {
    const { map, row, column } = this.at;
    if (!here || (layer.units && !layer.bars ? false : map !== tile)) return [false, layer, 0, 0, 0, 0];
    if (layer.bars) return [true, { rows: 1, columns: 1 }, 0, 1, 0, 1];
    const [top, left] = layer.units ? [Math.floor(map / layer.columns), map % layer.columns] : [row, column];
    return [true, layer, top, top + 1, left, left + 1];
  }

  click(event, index) {
    const box = event.target.closest?.(".tile"), layer = this.data.layers[index];
    if (!box) return;
    const around = box.getBoundingClientRect(), tile = Number(box.dataset.tile);
    const row = Math.max(0, Math.min(layer.rows - 1, Math.floor(((event.clientY - around.top) / around.height) * layer.rows)));
    const column = Math.max(0, Math.min(layer.columns - 1, Math.floor(((event.clientX - around.left) / around.width) * layer.columns)));
    this.pick(index, tile, row, column, 0);
  }

  /** A tile's pixel -> the unit, here at once, and in Python soon. */
  pick(index, tile, row, column, wait) {
    const layer = this.data.layers[index];
    const [map, top, left] = layer.bars ? [tile, 0, 0] : layer.units ? [row * layer.columns + column, 0, 0] : [tile, row, column];
    this.at = { layer: layer.label, map, row: top, column: left };
    this.layers.forEach(({ tiles }, other) => tiles.forEach((each, at) => {
      frame(each.unit, ...this.own(this.data.layers[other], other === index, at));
    }));
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      this.telling = null;
      this.trigger("pick", { ...this.at });
    }, wait);
  }

  key(event, index) {
    const moves = { ArrowUp: [-1, 0, 0], ArrowDown: [1, 0, 0], ArrowLeft: [0, -1, 0], ArrowRight: [0, 1, 0], PageUp: [0, 0, -1], PageDown: [0, 0, 1], Enter: [0, 0, 0] }[event.key];
    if (!moves) return;
    event.preventDefault();
    const layer = this.data.layers[index], here = this.at.layer === layer.label;
    let [tile, row, column] = here ? (layer.units && !layer.bars ? [0, Math.floor(this.at.map / layer.columns), this.at.map % layer.columns] : [this.at.map, this.at.row, this.at.column]) : [0, layer.rows >> 1, layer.columns >> 1];
    if (here && layer.bars) tile += moves[0] || moves[2];
    else if (here) [row, column, tile] = [row + moves[0], column + moves[1], tile + moves[2]];
    const within = (at, size) => Math.max(0, Math.min(at, size - 1));
    this.pick(index, within(tile, layer.tiles), within(row, layer.rows), within(column, layer.columns), AFTER);
  }
}

/** Put a frame around these rows and columns of a tile, or hide it. */
function frame(box, shown, layer, top, bottom, left, right) {
  box.hidden = !shown || bottom <= top;
  if (box.hidden) return;
  Object.assign(box.style, {
    top: `${(100 * top) / layer.rows}%`, height: `${(100 * (bottom - top)) / layer.rows}%`,
    left: `${(100 * left) / layer.columns}%`, width: `${(100 * (right - left)) / layer.columns}%`,
  });
}
