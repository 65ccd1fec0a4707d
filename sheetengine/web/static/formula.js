// A formula with its references in Excel's colours, and the facts about a cell.

const COLOURS = 7;

export function element(tag, className = "", text = null) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== null) made.textContent = text;
  return made;
}

export const colourClass = (colour) => (colour < 0 ? "" : `c${colour % COLOURS}`);

/** The stretches of a formula; those that name cells are buttons that call `follow` with their area. */
export function formulaNodes(spans, follow) {
  return spans.map((span) => {
    if (!span.area) return element("span", span.kind, span.text);
    const button = element("button", `ref ${colourClass(span.colour)}`, span.text);
    button.type = "button";
    button.title = span.area;
    button.dataset.area = span.area;
    button.addEventListener("click", () => follow(span));
    return button;
  });
}

/** A list of areas as small buttons. */
export function chips(areas, follow, most = 12) {
  const list = element("span", "chips");
  for (const area of areas.slice(0, most)) {
    const chip = element("button", `chip ${area.colour >= 0 ? `ref ${colourClass(area.colour)}` : ""}`, area.area);
    chip.type = "button";
    chip.addEventListener("click", () => follow(area));
    list.append(chip);
  }
  if (areas.length > most) list.append(element("span", "muted", `and ${(areas.length - most).toLocaleString("en")} more`));
  return list;
}

/** Everything about a cell as a definition list. */
export function factsOf(cell, follow) {
  const facts = element("dl", "facts");
  const add = (name, content, className = "") => {
    const detail = element("dd", className);
    detail.append(content);
    facts.append(element("dt", "", name), detail);
  };
  add("Value", cell.value === null ? "blank" : String(cell.value), `value ${cell.kind === "error" ? "error-text" : ""}`);
  if (cell.error && (cell.error.message || cell.error.origin)) {
    const origin = cell.error.origin && cell.error.origin !== cell.cell ? `comes from ${cell.error.origin}` : "";
    add("Error", [cell.error.message, origin].filter(Boolean).join(" – "), "error-text");
  }
  if (cell.format !== "General") add("Shown as", `${cell.text}   (${cell.format})`);
  if (cell.spill) add("Fills", chips([cell.spill], follow));
  if (cell.precedents.length) add("Reads", chips(cell.precedents, follow));
  if (cell.dependents.length) add(`Read by ${cell.dependent_cells.toLocaleString("en")}`, chips(cell.dependents, follow));
  if (cell.why.length) add("Computed because", cell.why.join("\n"), "why");
  else if (cell.formula.length) add("Computed because", "it has not been computed since this page opened", "muted");
  return facts;
}

let toastTimer = 0;

/** A message for a few seconds, or until the next key. */
export function toast(text) {
  document.querySelector(".toast")?.remove();
  const box = element("div", text.includes("\n") ? "toast code" : "toast", text);
  addEventListener("keydown", () => box.remove(), { once: true, capture: true });
  box.setAttribute("role", "alert");
  document.body.append(box);
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.remove(), 6000);
}
