// Buttons to choose from, in groups, each with its name and a picture or a reason.

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".groups");
  if (!root) parentElement.append((root = element("div", { class: "puddle groups" })));
  for (const [name, colour] of Object.entries(data.colours)) root.style.setProperty(name, colour);
  const keys = data.groups.map((group) => group.choices.map((choice) => choice.key)).join(";");
  if (keys !== root.dataset.keys) root.replaceChildren(...data.groups.map(made)); // else they stay, and with them the focus
  root.dataset.keys = keys;
  data.groups.forEach((group, at) => {
    const [title, buttons, caption] = root.children[at].children;
    title.hidden = !group.titled;
    title.textContent = group.label;
    buttons.setAttribute("aria-label", group.label);
    caption.textContent = group.caption;
    group.choices.forEach((choice, index) => fill(buttons.children[index], choice, data.chosen, setTriggerValue));
  });
}

function fill(button, choice, chosen, setTriggerValue) {
  for (const part of button.children) {
    if (part.tagName !== "IMG") part.textContent = choice[part.className];
    else if (part.src !== choice.source) part.src = choice.source;
  }
  if (choice.source) button.setAttribute("aria-pressed", String(choice.key === chosen));
  button.onclick = () => setTriggerValue("pick", choice.key);
}

function made({ choices }) {
  const buttons = choices.map((choice) => {
    const parts = [element("span", { class: "label" })];
    if (choice.source) parts.unshift(element("img", { alt: "" }));
    if (choice.why) parts.push(element("span", { class: "why" }));
    return element("button", { type: "button", "data-key": choice.key }, ...parts);
  });
  const kind = choices.some((choice) => choice.why) ? "choices reasoned" : "choices";
  return element("section", {}, element("h5"), element("div", { class: kind, role: "group" }, ...buttons), element("p"));
}
