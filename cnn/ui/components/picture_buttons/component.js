// A row of buttons, each with a picture and a name.

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".pictures");
  if (!root) parentElement.append((root = element("div", { class: "puddle pictures", role: "group" })));
  for (const [name, colour] of Object.entries(data.colours)) root.style.setProperty(name, colour);
  root.setAttribute("aria-label", data.label);
  const shown = new Map([...root.children].map((button) => [button.dataset.key, button]));
  root.replaceChildren(...data.pictures.map((picture) => {
    const button = shown.get(picture.key) ?? element("button", { type: "button", "data-key": picture.key }, element("img", { alt: "" }), element("span"));
    if (button.firstChild.src !== picture.source) button.firstChild.src = picture.source;
    button.lastChild.textContent = picture.label;
    button.setAttribute("aria-pressed", String(picture.key === data.chosen));
    button.onclick = () => setTriggerValue("pick", picture.key);
    return button;
  }));
}
