// Mouse and finger on a sheet: which cell is under them, what they select, which column they widen.

import { HEAD_HEIGHT, MAX_COLUMNS, MAX_ROWS } from "/static/geometry.js";

/** How far from the first column a point is that lies so far from the heads of rows. */
const onSheet = (view, x) => (x < view.frozenWidth ? x : x + view.x);

/** The cell under a point of the window, and whether that is over the heads. */
export function cellAt(view, clientX, clientY) {
  const box = view.root.getBoundingClientRect();
  const x = clientX - box.left - view.headWidth, y = clientY - box.top - HEAD_HEIGHT;
  const column = view.geometry.columnAt(Math.max(0, onSheet(view, x))), row = view.geometry.rowAt(Math.max(0, y < view.frozenHeight ? y : y + view.y));
  return { row, column, inRowHeads: x < 0, inColumnHeads: y < 0 };
}

const NEAR = 5;

/** The column whose right edge is under a point of the column heads, or null. */
function edgeAt(view, clientX, clientY) {
  const box = view.root.getBoundingClientRect(), along = clientX - box.left - view.headWidth;
  if (along < 0 || clientY < box.top || clientY > box.top + HEAD_HEIGHT) return null;
  const x = onSheet(view, along);
  const column = view.geometry.columnAt(x);
  if (column && x - view.geometry.left(column) < NEAR) return column - 1;
  return view.geometry.left(column + 1) - x < NEAR ? column : null;
}

/** Widen columns by the edges of their heads; a double click fits one to its texts. */
function listenEdges(view) {
  let drag = null;
  const { root } = view;
  root.addEventListener("pointerdown", (event) => {
    const column = event.button === 0 && event.pointerType !== "touch" ? edgeAt(view, event.clientX, event.clientY) : null;
    if (column === null) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // it selects nothing
    drag = { column, from: event.clientX, width: view.geometry.width(column) };
    root.setPointerCapture(event.pointerId);
  });
  root.addEventListener("pointermove", (event) => {
    if (drag) view.resizeColumn(drag.column, drag.width + event.clientX - drag.from);
    else root.classList.toggle("on-edge", edgeAt(view, event.clientX, event.clientY) !== null);
  });
  for (const kind of ["pointerup", "pointercancel"]) root.addEventListener(kind, () => (drag = null));
  root.addEventListener("dblclick", (event) => {
    const column = edgeAt(view, event.clientX, event.clientY);
    if (column !== null) view.fitColumn(column);
  });
}

/** Select with mouse or finger; a double click edits. */
export function listenPointer(view) {
  listenEdges(view);
  let from = null;
  view.root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest(".cell-editor") || onScrollBar(view, event)) return;
    const at = cellAt(view, event.clientX, event.clientY);
    if (event.pointerType === "touch") {
      from = { touch: true, x: event.clientX, y: event.clientY, at };
      return;
    }
    event.preventDefault();
    view.root.focus({ preventScroll: true });
    if (view.edit.pick?.(at.row, at.column)) return;
    view.edit.commit?.();
    if (at.inRowHeads && at.inColumnHeads) view.select(0, 0, [Math.max(0, view.sheet.rows - 1), Math.max(0, view.sheet.columns - 1)], { reveal: false });
    else if (at.inColumnHeads) view.select(0, at.column, [MAX_ROWS - 1, at.column], { reveal: false });
    else if (at.inRowHeads) view.select(at.row, 0, [at.row, MAX_COLUMNS - 1], { reveal: false });
    else if (event.shiftKey) view.extendTo(at.row, at.column);
    else {
      view.select(at.row, at.column);
      from = at;
      view.root.setPointerCapture(event.pointerId);
    }
  });
  view.root.addEventListener("pointermove", (event) => {
    if (!from || from.touch) return;
    const at = cellAt(view, event.clientX, event.clientY);
    if (at.row !== view.far[0] || at.column !== view.far[1]) view.extendTo(at.row, at.column);
  });
  const end = (event) => {
    if (from?.touch && event.type === "pointerup" && Math.hypot(event.clientX - from.x, event.clientY - from.y) < 8) {
      view.edit.commit?.();
      view.select(from.at.row, from.at.column);
    }
    from = null;
  };
  view.root.addEventListener("pointerup", end);
  view.root.addEventListener("pointercancel", end);
  view.root.addEventListener("dblclick", (event) => {
    const at = cellAt(view, event.clientX, event.clientY);
    if (!at.inRowHeads && !at.inColumnHeads && !event.target.closest(".cell-editor")) view.edit.begin(null);
  });
}

function onScrollBar(view, event) {
  const box = view.scroller.getBoundingClientRect();
  return event.clientX > box.left + view.scroller.clientWidth || event.clientY > box.top + view.scroller.clientHeight;
}
