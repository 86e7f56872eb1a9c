// Keys for the queue, whose rows are Streamlit's: J and K go from essay to essay, X selects one; Enter opens it by itself.
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], [role=radiogroup], [role=dialog]";

export default function ({ parentElement, data }) {
  const legend = Object.assign(document.createElement("p"), { className: "desk-keys", textContent: data.legend });
  parentElement.querySelector(".desk-keys")?.remove();
  parentElement.append(legend);

  const titles = () => [...document.querySelectorAll('.st-key-rows [class*="st-key-open-"] button')];
  const row = () => document.activeElement?.closest?.('[class*="st-key-row-"]');
  const move = (step) => {
    const all = titles();
    const at = all.findIndex((title) => row()?.contains(title));
    const next = all[Math.max(0, Math.min(at + step, all.length - 1))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const keys = {
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    x: () => row()?.querySelector("input[type=checkbox]")?.click(),
  };
  const press = (event) => {
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.(TYPING)) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // Streamlit has keys of its own
    act();
  };
  window.addEventListener("keydown", press, true);
  return () => window.removeEventListener("keydown", press, true);
}
