// One cell as an element: its text as its column has room for it, its shade, its bar, whether it was just computed.

import { fitted, measure } from "/static/cell_text.js";
import { element } from "/static/formula.js";
import { MAX_COLUMNS, ROW } from "/static/geometry.js";

export const LIT_FOR = 500;

/** The element of one cell in its row; `line` has the other cells of the row. */
export function cellNode(view, row, column, [text, kind, fill, bar], line) {
  const { geometry } = view;
  const node = element("div", `cell ${kind}`);
  let end = column;
  const own = geometry.width(column);
  let width = own;
  if (kind === "t" && !fill && measure(text) > own - 10) {
    while (end < column + 12 && !line.has(end + 1) && width < measure(text) + 10) width += geometry.width(++end);
  }
  node.style.left = `${geometry.left(column)}px`;
  node.style.width = `${width - (end > column ? 1 : 2)}px`;
  node.setAttribute("role", "gridcell");
  node.setAttribute("aria-colindex", column + 1);
  node.dataset.row = row;
  node.dataset.column = column;
  const fits = kind !== "n" || measure(text) <= own - 11;
  // A pixel says what it holds by its shade.
  const shown = fits ? text : fill && own < 40 ? "" : fitted(text, own - 11);
  if (bar) {
    const filled = element("i", "bar");
    filled.style.width = `${Math.round(bar[0] * (own - 6))}px`;
    filled.style.background = `rgb(${bar[1].join(" ")})`;
    node.append(filled, element("span", "", shown));
  } else node.textContent = shown;
  if (shown !== text) node.title = text;
  if (fill) {
    node.classList.add("filled");
    node.style.width = `${own}px`;
    node.style.backgroundColor = `rgb(${fill.join(" ")})`;
    node.style.color = fill[0] * 0.3 + fill[1] * 0.59 + fill[2] * 0.11 > 140 ? "#16191d" : "#f5f4f0";
  }
  const merged = view.merged.get(row * MAX_COLUMNS + column);
  if (merged) {
    node.style.width = `${geometry.left(merged[3] + 1) - geometry.left(column) - 2}px`;
    node.style.height = `${geometry.top(merged[2]) - geometry.top(row) + ROW - 1}px`;
    node.style.zIndex = 1;
  }
  if (view.lit.has(row * MAX_COLUMNS + column)) {
    node.classList.add("lit");
    node.style.backgroundColor = "";
    if (fill) setTimeout(() => (node.style.backgroundColor = `rgb(${fill.join(" ")})`), LIT_FOR);
  }
  return node;
}
