// Buttons to choose from, each with its name and a picture or a reason.

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".choices");
  if (!root) parentElement.append((root = element("div", { class: "puddle choices", role: "group" })));
  for (const [name, colour] of Object.entries(data.colours)) root.style.setProperty(name, colour);
  root.setAttribute("aria-label", data.label);
  root.classList.toggle("reasoned", data.choices.some((choice) => choice.why));
  const keys = data.choices.map((choice) => choice.key);
  if (String(keys) !== String([...root.children].map((button) => button.dataset.key))) {
    root.replaceChildren(...data.choices.map(made)); // else they stay, and with them the focus
  }
  data.choices.forEach((choice, at) => {
    const button = root.children[at];
    for (const part of button.children) {
      if (part.tagName !== "IMG") part.textContent = choice[part.className];
      else if (part.src !== choice.source) part.src = choice.source;
    }
    if (choice.source) button.setAttribute("aria-pressed", String(choice.key === data.chosen));
    button.onclick = () => setTriggerValue("pick", choice.key);
  });
}

function made(choice) {
  const parts = [element("span", { class: "label" })];
  if (choice.source) parts.unshift(element("img", { alt: "" }));
  if (choice.why) parts.push(element("span", { class: "why" }));
  return element("button", { type: "button", "data-key": choice.key }, ...parts);
}
