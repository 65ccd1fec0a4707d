// The list of edits and what each recomputed.

import { element } from "/static/formula.js";

const MOST_TRACES = 30;

/** What an edit recomputed: in short in `count`, and as the first entry of `list`. */
export function showTrace(trace, count, list, who) {
  const cells = trace.recomputed.toLocaleString("en"), time = duration(trace.seconds);
  count.replaceChildren(element("b", "", `${cells} ${trace.recomputed === 1 ? "cell" : "cells"}`), ` recomputed in ${time}`);
  count.dataset.recomputed = trace.recomputed;
  if (!trace.edited.length && !trace.recomputed) return;
  const item = element("li"), line = element("div", "line");
  const edited = trace.edited.join(", ") + (trace.edited_count > trace.edited.length ? ` and ${trace.edited_count - trace.edited.length} more` : "");
  line.append(element("b", "", edited || "recalculated"), element("span", "took", `${cells} ${trace.recomputed === 1 ? "cell" : "cells"}, ${time}`));
  item.append(line);
  if (who) item.append(element("div", "muted", `by ${who}`));
  const areas = trace.steps.flatMap((step) => step.cells.map((area) => (step.more ? `${area} …` : area)));
  const shown = joined(areas);
  if (shown) item.append(element("div", "steps", `→ ${shown}${trace.step_count > trace.steps.length ? " …" : ""}`));
  if (list.firstElementChild?.classList.contains("muted")) list.replaceChildren();
  list.prepend(item);
  while (list.children.length > MOST_TRACES) list.lastElementChild.remove();
}

/** Names of cells with the sheet said once. */
function joined(areas) {
  let sheet = null;
  return areas.map((name) => {
    const bang = name.lastIndexOf("!"), own = name.slice(0, bang);
    const text = own === sheet ? name.slice(bang + 1) : name;
    sheet = own;
    return text;
  }).join(", ");
}

const duration = (seconds) => (seconds < 0.001 ? `${(seconds * 1000).toFixed(2)} ms` : seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(2)} s`);
