// A sheet of a million rows in a window: only what is seen has elements, and only that is asked for.
//
// Rows are positioned from a base near the view, so that numbers stay small; where the sheet is higher than browsers can scroll, the scroll bar
// is scaled and small movements (wheel, finger) are taken pixel by pixel.

import { LIT_FOR, cellNode } from "/static/cell_node.js";
import { measure } from "/static/cell_text.js";
import { colourClass, element } from "/static/formula.js";
import { Geometry, HEAD_HEIGHT, MAX_COLUMNS, MAX_ROWS, ROW, columnName } from "/static/geometry.js";
import { listenPointer } from "/static/sheet_pointer.js";

const MOST_PIXELS = 8_000_000;
const SMALL_MOVE = 3000;
const MOST_SHOWN = 20_000;

export class SheetView {
  /** `show(parts)` gives a promise of the cells of some rectangles; `moved(selection)` is called when another cell is active. */
  constructor(root, { show, moved, edit }) {
    Object.assign(this, { root, show, moved, edit });
    this.scroller = element("div", "scroller");
    this.spacer = element("div", "spacer");
    this.scroller.append(this.spacer);
    this.columnHeads = element("div", "heads columns");
    this.rowHeads = element("div", "heads rows");
    this.corner = element("div", "corner");
    root.append(this.scroller, this.columnHeads, this.rowHeads, this.corner);
    this.panes = [];
    this.rows = new Map(); // row -> Map(column -> [text, kind, fill, bar])
    this.lit = new Set();
    this.areas = [];
    this.active = [0, 0];
    this.range = [0, 0, 0, 0];
    this.asked = null;
    this.under = false;
    this.scroller.addEventListener("scroll", () => this.scrolled());
    listenPointer(this);
    new ResizeObserver(() => this.layout()).observe(root);
    this.setSheet({ rows: 0, columns: 0 }, { frozen: [0, 0], widths: {}, hidden_rows: [], merged: [] });
  }

  // -- the sheet ------------------------------------------------------------------------------------------------------

  setSheet(sheet, looks) {
    this.sheet = sheet;
    this.looks = looks;
    this.frozen = looks.frozen;
    this.geometry = new Geometry(looks);
    this.merged = new Map(looks.merged.map((area) => [area[0] * MAX_COLUMNS + area[1], area]));
    this.rows.clear();
    this.lit.clear();
    this.asked = null;
    this.x = this.y = 0;
    this.physical = 0;
    this.seenRows = 100;
    this.seenColumns = 26;
    for (const pane of this.panes) pane.element.remove();
    const [down, right] = this.frozen;
    this.panes = [{ down: 1, right: 1 }, ...(down ? [{ down: 0, right: 1 }] : []), ...(right ? [{ down: 1, right: 0 }] : []), ...(down && right ? [{ down: 0, right: 0 }] : [])];
    for (const pane of this.panes) {
      pane.element = element("div", `pane ${pane.down ? "" : "frozen-rows"} ${pane.right ? "" : "frozen-columns"}`);
      pane.lines = element("div", "lines");
      pane.content = element("div", "content");
      pane.element.append(pane.lines, pane.content);
      pane.drawn = new Map();
      pane.base = 0;
      this.root.append(pane.element);
    }
    this.layout();
    this.scroller.scrollTop = this.scroller.scrollLeft = 0;
  }

  // -- layout and scrolling -------------------------------------------------------------------------------------------

  layout() {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (!width || !height) return;
    const last = this.geometry.rowAt(this.y + height);
    this.headWidth = Math.max(36, String(last + 1).length * 8 + 16);
    this.frozenHeight = this.geometry.top(this.frozen[0]);
    this.frozenWidth = this.geometry.left(this.frozen[1]);
    this.viewHeight = height - HEAD_HEIGHT - this.frozenHeight;
    this.viewWidth = width - this.headWidth - this.frozenWidth;
    const place = (node, left, top, w, h) => Object.assign(node.style, { left: `${left}px`, top: `${top}px`, width: `${w}px`, height: `${h}px` });
    place(this.corner, 0, 0, this.headWidth, HEAD_HEIGHT);
    place(this.columnHeads, this.headWidth, 0, width - this.headWidth, HEAD_HEIGHT);
    place(this.rowHeads, 0, HEAD_HEIGHT, this.headWidth, height - HEAD_HEIGHT);
    place(this.scroller, this.headWidth, HEAD_HEIGHT, width - this.headWidth, height - HEAD_HEIGHT);
    for (const pane of this.panes) {
      place(
        pane.element,
        this.headWidth + (pane.right ? this.frozenWidth : 0),
        HEAD_HEIGHT + (pane.down ? this.frozenHeight : 0),
        pane.right ? this.viewWidth : this.frozenWidth,
        pane.down ? this.viewHeight : this.frozenHeight,
      );
    }
    this.extend();
    this.repaint();
  }

  /** The scrolled area: what is used and some more, growing as one goes beyond. */
  extend() {
    const rows = Math.min(MAX_ROWS, Math.max(this.sheet.rows + 50, this.seenRows)), columns = Math.min(MAX_COLUMNS, Math.max(this.sheet.columns + 10, this.seenColumns));
    this.extent = [this.geometry.left(columns), this.geometry.top(rows)];
    this.spacer.style.width = `${this.extent[0]}px`;
    this.spacer.style.height = `${Math.min(MOST_PIXELS, this.extent[1])}px`;
  }

  get scaled() {
    return this.extent[1] > MOST_PIXELS;
  }

  scrolled() {
    const { scrollTop, scrollLeft } = this.scroller, room = this.scroller.clientHeight;
    this.x = scrollLeft;
    if (!this.scaled) this.y = scrollTop;
    else if (scrollTop !== this.physical) {
      const move = scrollTop - this.physical, most = this.extent[1] - room, physicalMost = MOST_PIXELS - room;
      if (scrollTop <= 0) this.y = 0;
      else if (scrollTop >= physicalMost - 1) this.y = most;
      else if (Math.abs(move) < SMALL_MOVE) this.y = Math.min(most, Math.max(0, this.y + move));
      else this.y = (scrollTop / physicalMost) * most;
      this.physical = scrollTop;
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.settle(), 150);
    }
    const lastRow = this.geometry.rowAt(this.y + room), lastColumn = this.geometry.columnAt(this.x + this.scroller.clientWidth);
    if (lastRow + 20 > this.seenRows || lastColumn + 5 > this.seenColumns) {
      this.seenRows = Math.max(this.seenRows, Math.min(MAX_ROWS, lastRow + 100));
      this.seenColumns = Math.max(this.seenColumns, Math.min(MAX_COLUMNS, lastColumn + 20));
      this.extend();
    }
    this.repaint();
  }

  /** Put the bar of a scaled sheet where the view is. */
  settle() {
    const room = this.scroller.clientHeight;
    this.physical = Math.round((this.y / (this.extent[1] - room)) * (MOST_PIXELS - room));
    this.scroller.scrollTop = this.physical;
    this.physical = this.scroller.scrollTop;
  }

  scrollTo(x, y) {
    const needRows = this.geometry.rowAt(Math.min(y + this.viewHeight, this.geometry.top(MAX_ROWS - 1))) + 2, needColumns = this.geometry.columnAt(x + this.viewWidth) + 2;
    this.seenRows = Math.max(this.seenRows, Math.min(MAX_ROWS, needRows));
    this.seenColumns = Math.max(this.seenColumns, Math.min(MAX_COLUMNS, needColumns));
    this.extend();
    this.y = Math.max(0, Math.min(y, this.extent[1] - this.scroller.clientHeight));
    this.x = Math.max(0, x);
    this.scroller.scrollLeft = this.x;
    this.x = this.scroller.scrollLeft;
    if (this.scaled) this.settle();
    else this.scroller.scrollTop = this.y;
    this.repaint();
  }

  /** Scroll as little as needed to show a cell. */
  reveal(row, column) {
    let { x, y } = this;
    if (row >= this.frozen[0]) {
      const top = this.geometry.top(row) - this.frozenHeight;
      if (top < y) y = top;
      else if (top + ROW > y + this.viewHeight) y = top + ROW - this.viewHeight + (this.scroller.offsetHeight - this.scroller.clientHeight);
    }
    if (column >= this.frozen[1]) {
      const left = this.geometry.left(column) - this.frozenWidth, width = this.geometry.width(column);
      if (left < x) x = left;
      else if (left + width > x + this.viewWidth) x = Math.min(left, left + width - this.viewWidth + (this.scroller.offsetWidth - this.scroller.clientWidth));
    }
    if (x !== this.x || y !== this.y) this.scrollTo(x, y);
  }

  /** Rows and columns that are seen: the scrolled part, without the frozen one. */
  visible() {
    const top = this.geometry.rowAt(this.y + this.frozenHeight), left = this.geometry.columnAt(this.x + this.frozenWidth);
    return [
      Math.max(top, this.frozen[0]),
      Math.max(left, this.frozen[1]),
      this.geometry.rowAt(Math.max(0, this.y + this.frozenHeight + this.viewHeight)),
      Math.min(MAX_COLUMNS - 1, this.geometry.columnAt(Math.max(0, this.x + this.frozenWidth + this.viewWidth))),
    ];
  }

  /** Give a column another width, on the page alone: the file keeps its own. */
  resizeColumn(column, pixels) {
    this.looks.widths[column] = this.geometry.resize(column, Math.max(24, Math.round(pixels)));
    for (const pane of this.panes) pane.from = undefined; // drawn anew
    this.layout();
  }

  /** As wide as the longest text of the column that the page has. */
  fitColumn(column) {
    let widest = measure(columnName(column));
    for (const line of this.rows.values()) if (line.has(column)) widest = Math.max(widest, measure(line.get(column)[0]));
    this.resizeColumn(column, widest + 14);
  }

  // -- data -----------------------------------------------------------------------------------------------------------

  /** Ask for what is seen, with a margin, when the margin is used up. */
  ask() {
    const [top, left, bottom, right] = this.visible();
    const asked = this.asked;
    if (!this.sheet.id || this.under || (asked && asked[0] <= top && asked[1] <= left && asked[2] >= bottom && asked[3] >= right)) return;
    const tall = Math.min(80, bottom - top + 1), wide = right - left + 1;
    let [rowsMore, columnsMore] = [tall, Math.ceil(wide / 2)];
    const [down, across] = this.frozen;
    const size = () => (bottom - top + 1 + 2 * rowsMore + down) * (wide + 2 * columnsMore + across);
    while (size() > MOST_SHOWN && rowsMore + columnsMore > 0) [rowsMore, columnsMore] = [rowsMore >> 1, columnsMore >> 1];
    const main = [Math.max(down, top - rowsMore), Math.max(across, left - columnsMore), Math.min(MAX_ROWS - 1, bottom + rowsMore), Math.min(MAX_COLUMNS - 1, right + columnsMore)];
    const parts = [main];
    if (down) parts.push([0, main[1], down - 1, main[3]]);
    if (across) parts.push([main[0], 0, main[2], across - 1]);
    if (down && across) parts.push([0, 0, down - 1, across - 1]);
    this.asked = main;
    this.under = true;
    const sheet = this.sheet;
    this.show(parts).then(
      (answer) => {
        this.under = false;
        if (this.sheet.id !== sheet.id) return this.ask();
        for (const [row, line] of this.rows) {
          if (!parts.some((part) => row >= part[0] && row <= part[2])) this.rows.delete(row);
          else for (const column of line.keys()) if (!parts.some((part) => row >= part[0] && row <= part[2] && column >= part[1] && column <= part[3])) line.delete(column);
        }
        this.take(answer.cells);
        this.repaint();
      },
      () => {
        this.under = false;
        this.asked = null;
      },
    );
  }

  /** Cells came; `lit` are those that were just computed. */
  take(cells, lit = []) {
    const touched = new Set();
    for (const [row, column, text, kind, fill, bar] of cells) {
      touched.add(row);
      let line = this.rows.get(row);
      if (kind) {
        if (!line) this.rows.set(row, (line = new Map()));
        line.set(column, [text, kind, fill, bar]);
      } else line?.delete(column);
    }
    for (const [row, column] of lit) {
      touched.add(row);
      this.lit.add(row * MAX_COLUMNS + column);
    }
    if (lit.length) {
      clearTimeout(this.litTimer);
      this.litTimer = setTimeout(() => {
        this.lit.clear();
        for (const cell of this.root.querySelectorAll(".lit")) cell.classList.remove("lit");
      }, LIT_FOR);
    }
    for (const pane of this.panes) for (const row of touched) pane.drawn.get(row)?.remove(), pane.drawn.delete(row);
    this.repaint();
  }

  // -- painting -------------------------------------------------------------------------------------------------------

  repaint() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (this.root.clientWidth) this.render();
    });
  }

  render() {
    this.ask();
    const seen = this.visible(), [down, across] = this.frozen;
    const headWidth = Math.max(36, String(seen[2] + 1).length * 8 + 16);
    if (headWidth !== this.headWidth) this.layout();
    for (const pane of this.panes) {
      const rows = pane.down ? [seen[0], seen[2]] : [0, down - 1], columns = pane.right ? [seen[1], seen[3]] : [0, across - 1];
      this.renderPane(pane, rows, columns);
    }
    this.renderHeads(seen);
    this.placeEditor();
    this.root.setAttribute("aria-rowcount", MAX_ROWS);
    this.root.setAttribute("aria-colcount", MAX_COLUMNS);
  }

  renderPane(pane, [first, last], [from, to]) {
    const offsetX = pane.right ? this.x + this.frozenWidth : 0, offsetY = pane.down ? this.y + this.frozenHeight : 0;
    if (Math.abs(offsetY - pane.base) > 500_000 || pane.from !== from || pane.to !== to) {
      pane.base = Math.floor(offsetY / 1000) * 1000;
      pane.from = from;
      pane.to = to;
      pane.content.replaceChildren();
      pane.drawn.clear();
      pane.marks = null;
      pane.lines.replaceChildren();
      for (let column = from; column <= to; column++) {
        const line = element("div", "line-down");
        line.dataset.x = this.geometry.left(column + 1) - 1;
        pane.lines.append(line);
      }
    }
    for (const line of pane.lines.children) line.style.left = `${line.dataset.x - offsetX}px`;
    for (const [row, node] of pane.drawn) {
      if (row < first || row > last) {
        node.remove();
        pane.drawn.delete(row);
      }
    }
    for (let row = first; row <= last; row++) if (!pane.drawn.has(row) && !this.geometry.isHidden(row)) pane.drawn.set(row, this.drawRow(pane, row, from, to));
    pane.content.style.transform = `translate(${-offsetX}px, ${pane.base - offsetY}px)`;
    this.renderMarks(pane);
  }

  drawRow(pane, row, from, to) {
    const node = element("div", "row");
    node.setAttribute("role", "row");
    node.setAttribute("aria-rowindex", row + 1);
    node.style.top = `${this.geometry.top(row) - pane.base}px`;
    node.style.width = `${this.geometry.left(to + 1)}px`;
    const rule = element("div", "ruled");
    rule.style.top = `${ROW - 1}px`;
    node.append(rule);
    const line = this.rows.get(row);
    if (line?.size) {
      for (const [column, cell] of line) {
        // A text from the left may reach into what is seen.
        if (column > to || (column < from && (cell[1] !== "t" || column < from - 12))) continue;
        if (this.geometry.width(column)) node.append(cellNode(this, row, column, cell, line));
      }
    }
    pane.content.append(node);
    return node;
  }

  renderMarks(pane) {
    pane.marks?.remove();
    const marks = (pane.marks = element("div"));
    const box = ([top, left, bottom, right], className, colour = -1) => {
      const node = element("div", `${className} ${colourClass(colour)}`);
      const farLeft = this.geometry.left(Math.max(left, (pane.from ?? 0) - 1)), farRight = this.geometry.left(Math.min(right, (pane.to ?? 0) + 1) + 1);
      const farTop = Math.max(this.geometry.top(top), pane.base - 200_000), farBottom = Math.min(this.geometry.top(Math.min(bottom, MAX_ROWS - 1)) + ROW, pane.base + 800_000);
      if (farRight <= farLeft || farBottom <= farTop) return;
      Object.assign(node.style, {
        left: `${left < (pane.from ?? 0) - 1 ? farLeft - 4 : farLeft}px`, top: `${farTop - pane.base}px`, width: `${farRight - farLeft - 1}px`, height: `${farBottom - farTop - 1}px`,
      });
      marks.append(node);
    };
    for (const area of this.areas) box(area.rect, `outline ${area.kind}`, area.colour ?? -1);
    const [top, left, bottom, right] = this.range;
    if (top !== bottom || left !== right) box(this.range, "selection");
    box([...this.active, ...this.active], "active");
    pane.content.append(marks);
  }

  renderHeads([top, left, bottom, right]) {
    const columns = document.createDocumentFragment(), rows = document.createDocumentFragment();
    const [rangeTop, rangeLeft, rangeBottom, rangeRight] = this.range;
    const column = (index, offset) => {
      if (!this.geometry.width(index)) return;
      const head = element("div", `head ${index >= rangeLeft && index <= rangeRight ? "on" : ""}`, columnName(index));
      Object.assign(head.style, { left: `${this.geometry.left(index) - offset}px`, width: `${this.geometry.width(index)}px`, lineHeight: `${HEAD_HEIGHT - 1}px` });
      columns.append(head);
    };
    const row = (index, offset) => {
      if (this.geometry.isHidden(index)) return;
      const head = element("div", `head ${index >= rangeTop && index <= rangeBottom ? "on" : ""}`, String(index + 1));
      Object.assign(head.style, { top: `${this.geometry.top(index) - offset}px`, height: `${ROW}px`, lineHeight: `${ROW - 1}px` });
      rows.append(head);
    };
    for (let index = left; index <= right; index++) column(index, this.x);
    for (let index = top; index <= bottom; index++) row(index, this.y);
    const cover = (fragment, style) => Object.assign(fragment.appendChild(element("div", "head")).style, { background: "var(--head)", ...style });
    if (this.frozen[1]) cover(columns, { left: 0, width: `${this.frozenWidth}px` });
    if (this.frozen[0]) cover(rows, { top: 0, height: `${this.frozenHeight}px` });
    for (let index = 0; index < this.frozen[1]; index++) column(index, 0);
    for (let index = 0; index < this.frozen[0]; index++) row(index, 0);
    this.columnHeads.replaceChildren(columns);
    this.rowHeads.replaceChildren(rows);
  }

  /** Outlines: {rect, kind, colour}. */
  outline(areas) {
    this.areas = areas;
    this.repaint();
  }

  // -- selection ------------------------------------------------------------------------------------------------------

  /** Make a cell the active one; with `to` a range from it. */
  select(row, column, to = null, { quiet = false, reveal = true } = {}) {
    row = Math.min(MAX_ROWS - 1, Math.max(0, row));
    column = Math.min(MAX_COLUMNS - 1, Math.max(0, column));
    const changed = row !== this.active[0] || column !== this.active[1];
    this.active = [row, column];
    this.far = to ?? [row, column];
    this.range = [Math.min(row, this.far[0]), Math.min(column, this.far[1]), Math.max(row, this.far[0]), Math.max(column, this.far[1])];
    if (reveal) this.reveal(...this.far);
    this.repaint();
    if (!quiet) this.moved(changed);
  }

  extendTo(row, column) {
    this.select(...this.active, [Math.min(MAX_ROWS - 1, Math.max(0, row)), Math.min(MAX_COLUMNS - 1, Math.max(0, column))]);
  }

  get page() {
    return Math.max(1, Math.floor(this.viewHeight / ROW) - 1);
  }

  // -- the editor in the cell -------------------------------------------------------------------------------------------

  openEditor(input) {
    this.editor = input;
    this.editing = [...this.active];
    this.root.append(input);
    this.placeEditor();
  }

  closeEditor() {
    this.editor?.remove();
    this.editor = null;
  }

  placeEditor() {
    if (!this.editor) return;
    const [row, column] = this.editing;
    const left = this.geometry.left(column) - (column < this.frozen[1] ? 0 : this.x), top = this.geometry.top(row) - (row < this.frozen[0] ? 0 : this.y);
    const width = Math.max(this.geometry.width(column) + 1, Math.min(measure(this.editor.value) + 26, this.root.clientWidth - this.headWidth - left - 4));
    Object.assign(this.editor.style, { left: `${this.headWidth + left}px`, top: `${HEAD_HEIGHT + top}px`, width: `${width}px`, height: `${ROW}px` });
  }
}
