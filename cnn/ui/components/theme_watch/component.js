export default function ({ parentElement, setTriggerValue }) {
  const app = document.querySelector(".stApp"), scheme = () => getComputedStyle(app).colorScheme;
  let known = scheme();
  const observer = new MutationObserver(() => {
    if (scheme() === known) return;
    known = scheme();
    setTriggerValue("changed", known);
  });
  observer.observe(app, { attributes: true, attributeFilter: ["class"] });
  return () => observer.disconnect();
}
