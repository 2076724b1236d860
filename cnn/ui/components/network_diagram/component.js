// A diagram that opens. What a box holds is drawn in Python; here it is pressed, and grows out of the box that was pressed.

const MILLISECONDS = 260, LEAST_WIDTH = 440; // pixels
const DIAGRAMS = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!DIAGRAMS.has(parentElement)) DIAGRAMS.set(parentElement, new Diagram(parentElement));
  const diagram = DIAGRAMS.get(parentElement);
  diagram.trigger = setTriggerValue;
  diagram.update(data);
}

class Diagram {
  constructor(parent) {
    this.way = element("nav");
    this.sheet = element("div", { class: "sheet" });
    parent.append(element("div", { class: "puddle diagram" }, this.way, this.sheet));
    this.sheet.addEventListener("click", (event) => this.press(event.target.closest("[data-path]")));
    this.sheet.addEventListener("keydown", (event) => this.key(event));
  }

  update(data) {
    for (const [name, colour] of Object.entries(data.colours)) this.sheet.parentElement.style.setProperty(name, colour);
    this.showWay(data);
    if (data.drawing === this.drawing) return;
    const focused = this.opened !== undefined; // a box was pressed: what follows takes the focus on
    this.drawing = data.drawing;
    const svg = new DOMParser().parseFromString(data.drawing, "image/svg+xml").documentElement;
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", data.labels.diagram);
    for (const box of svg.querySelectorAll("[data-path]")) {
      box.setAttribute("role", "button");
      box.setAttribute("tabindex", "0");
      box.setAttribute("aria-label", box.dataset.name);
    }
    svg.style.minWidth = `${Math.min(svg.width.baseVal.value, LEAST_WIDTH)}px`; // on a phone it scrolls sideways
    this.sheet.replaceChildren(svg);
    this.grow(svg);
    if (focused) (svg.querySelector("[data-path]") ?? this.way.querySelector("button"))?.focus({ preventScroll: true });
    this.opened = undefined;
  }

  showWay({ way, labels }) {
    this.crumbs = way;
    this.way.setAttribute("aria-label", labels.inside);
    const parts = way.flatMap(({ path, name }, index) => {
      const here = index === way.length - 1;
      const crumb = element(here ? "span" : "button", { class: here ? "here" : "crumb", textContent: name });
      if (!here) crumb.onclick = () => this.open(path);
      return index ? [element("span", { class: "sign", textContent: "›", "aria-hidden": "true" }), crumb] : [crumb];
    });
    this.way.replaceChildren(...parts);
  }

  /** The new drawing begins where the pressed box was. */
  grow(svg) {
    if (!this.from || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const to = svg.getBoundingClientRect(), { left, top, width } = this.from, scale = width / to.width;
    const start = `translate(${left - to.left}px, ${top - to.top}px) scale(${scale})`;
    svg.animate([{ transform: start, opacity: 0.2 }, { transform: "none", opacity: 1 }], { duration: MILLISECONDS, easing: "ease-out" });
    this.from = null;
  }

  press(box) {
    if (!box) return;
    this.from = box.getBoundingClientRect();
    this.open(box.dataset.path);
  }

  open(path) {
    this.opened = path;
    this.trigger("open", path);
  }

  key(event) {
    const box = event.target.closest("[data-path]");
    if (event.key === "Enter" || event.key === " ") this.press(box);
    else if (event.key === "Escape" && this.crumbs.length > 1) this.open(this.crumbs.at(-2).path);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.step(box, event.key === "ArrowDown" ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  step(box, by) {
    const boxes = [...this.sheet.querySelectorAll("[data-path]")];
    boxes[Math.min(Math.max(boxes.indexOf(box) + by, 0), boxes.length - 1)]?.focus();
  }
}
