// Copy and paste: within the workbook cells with their formulas, references shifting; to and from other programs texts in rows and columns.

import { toast } from "/static/formula.js";
import { address } from "/static/geometry.js";

/** `sheet()` gives the sheet shown, `change(type, fields)` makes an edit. */
export function connectClipboard(view, { sheet, change }) {
  let copied = null; // {sheet, rect, text}

  document.addEventListener("copy", (event) => {
    if (document.activeElement !== view.root) return;
    event.preventDefault();
    const whole = isShown(view), place = `${sheet().name}!${address(view.range)}`;
    copied = { sheet: sheet().id, rect: view.range, text: whole ? textOf(view) : place };
    event.clipboardData.setData("text/plain", copied.text);
    if (!whole) toast("Copied within this workbook: for other programs, select no more than is shown.");
  });

  document.addEventListener("paste", (event) => {
    if (document.activeElement !== view.root) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain"), [row, column] = view.range;
    if (copied && text === copied.text) {
      change("copy", { sheet: copied.sheet, area: copied.rect, to_sheet: sheet().id, row, column });
    } else if (text) {
      const rows = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
      change("enter", { sheet: sheet().id, row, column, rows });
    }
  });
}

/** Whether the page has the texts of all selected cells: it knows what it shows, no more. */
function isShown({ range: [top, left, bottom, right], asked, frozen }) {
  const has = (from, to, still, first, last) => to < still || (to <= last && (from >= first || first <= still));
  return asked !== null && has(top, bottom, frozen[0], asked[0], asked[2]) && has(left, right, frozen[1], asked[1], asked[3]);
}

function textOf({ range: [top, left, bottom, right], rows }) {
  const lines = [];
  for (let row = top; row <= bottom; row++) {
    const line = [];
    for (let column = left; column <= right; column++) line.push(rows.get(row)?.get(column)?.[0] ?? "");
    lines.push(line.join("\t"));
  }
  return lines.join("\n");
}
