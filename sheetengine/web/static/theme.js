// Light or dark: as the system has it, or as the person chose. Canvases ask here for colours, since they know no CSS.

const probe = document.createElement("span");
probe.hidden = true;
document.documentElement.append(probe);
const known = new Map();
const listeners = new Set();

/** The colour of a CSS variable as [r, g, b]. */
export function rgb(name) {
  let found = known.get(name);
  if (!found) {
    probe.style.color = `var(${name})`;
    found = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    known.set(name, found);
  }
  return found;
}

/** A colour of the theme with an opacity. */
export function colour(name, alpha = 1) {
  const [r, g, b] = rgb(name);
  return `rgb(${r} ${g} ${b} / ${alpha})`;
}

/** Call a function whenever the colours change. */
export function onTheme(listener) {
  listeners.add(listener);
}

function changed() {
  known.clear();
  for (const listener of listeners) listener();
}

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export function connectThemeButton(button) {
  const kept = localStorage.getItem("sheetengine-theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
  button.addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    localStorage.setItem("sheetengine-theme", next);
    changed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
