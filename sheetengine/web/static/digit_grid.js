// The sheet beside the picture: pixel cells shaded by their value, the layers as numbers, outlines of what a cell reads and who reads it.

import { shadePicture } from "/static/easel.js";
import { colourClass, element } from "/static/formula.js";
import { onTheme } from "/static/theme.js";

const LIT_FOR = 450;

const columnName = (column) => (column < 26 ? "" : String.fromCharCode(64 + Math.floor(column / 26))) + String.fromCharCode(65 + (column % 26));

/** A number as General shows it in a column of this many digits; of a heading that is too long its first word. */
function fitted(value, text, most) {
  if (typeof value === "string" && text.length > most + 4) return text.split(" ")[0];
  if (typeof value !== "number" || text.length <= most) return text;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e8)) return value.toExponential(2).replace("e", "E").replace(/E([+-])(\d)$/, "E$10$2");
  return String(Number(value.toFixed(Math.max(0, most - 1 - Math.trunc(size).toString().length))));
}

export class DigitGrid {
  /** `select(row, column)` is called when a cell is chosen. */
  constructor(root, { select }) {
    this.root = root;
    this.select = select;
    this.cells = new Map(); // cells with elements: those beside the picture
    this.shown = new Map(); // cell -> [value, text]
    this.outlines = [];
    this.lit = new Set();
    this.active = null;
    this.narrow = matchMedia("(max-width: 620px)");
    this.narrow.addEventListener("change", () => this.shown.forEach(([value, text], cell) => this.write(cell, value, text)));
    root.addEventListener("click", (event) => {
      const at = this.at(event.clientX, event.clientY);
      if (at) this.choose(...at);
    });
    root.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.place()).observe(root);
  }

  build({ sheet, picture, layers, cells }) {
    const right = picture.rect[3];
    this.rows = sheet.rows;
    this.columns = sheet.columns;
    this.picture = picture;
    this.root.replaceChildren();
    this.cells.clear();
    this.root.setAttribute("aria-rowcount", this.rows);
    this.root.setAttribute("aria-colcount", this.columns);
    const main = document.querySelector("main");
    main.style.setProperty("--values", Math.max(1, this.columns - right - 2));
    main.style.setProperty("--rows", this.rows);
    const row = (head) => {
      const line = element("div");
      line.setAttribute("role", "row");
      line.append(head);
      return line;
    };
    const header = row(element("span", "head"));
    this.columnHeads = Array.from({ length: this.columns }, (_, column) => {
      const head = element("span", column <= right + 1 ? "head narrow" : "head", columnName(column));
      head.setAttribute("role", "columnheader");
      header.append(head);
      return head;
    });
    this.root.append(header);
    this.rowHeads = Array.from({ length: this.rows }, (_, index) => {
      const head = element("span", "head", String(index + 1));
      head.setAttribute("role", "rowheader");
      const line = row(head);
      for (let column = right + 2; column < this.columns; column++) line.append(this.makeCell(index, column));
      this.root.append(line);
      return head;
    });
    // The pixels are one small picture: 784 elements would be repainted at every stroke. The one that is chosen gets an element.
    const pixels = element("div", "pixels");
    this.canvas = element("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    pixels.append(this.canvas, element("div", "pixel-lines"));
    this.root.append(pixels);
    this.values = new Float64Array(picture.values);
    this.shadeAll();
    onTheme(() => this.shadeAll());
    for (const [row, column, value, text, formula] of cells) {
      const cell = this.cell(row, column);
      if (!cell) continue;
      this.write(cell, value, text);
      if (typeof value === "string" && !formula) cell.classList.add("label");
    }
  }

  makeCell(row, column) {
    const cell = element("span", "cell value");
    cell.id = `cell-${row}-${column}`;
    cell.setAttribute("role", "gridcell");
    cell.setAttribute("aria-colindex", column + 1);
    cell.dataset.address = `${columnName(column)}${row + 1}`;
    cell.style.gridColumn = column + 2;
    this.cells.set(row * 1024 + column, cell);
    return cell;
  }

  cell(row, column) {
    return this.cells.get(row * 1024 + column);
  }

  write(cell, value, text) {
    this.shown.set(cell, [value, text]);
    const shown = fitted(value, text, this.narrow.matches ? 7 : 8), node = cell.firstChild;
    if (!node) cell.textContent = shown;
    else if (node.data !== shown) node.data = shown;
  }

  shade(index, value) {
    this.values[index] = value;
    this.frame ??= requestAnimationFrame(() => this.shadeAll());
  }

  shadeAll() {
    this.frame = undefined;
    shadePicture(this.canvas, this.values, this.picture.rect[3] - this.picture.rect[1] + 1);
  }

  /** New values of computed cells; they are lit until a moment after the last of them came. */
  compute(cells) {
    for (const [row, column, value, text] of cells) {
      const cell = this.cell(row, column);
      if (!cell) continue;
      this.write(cell, value, text);
      if (!this.lit.has(cell)) {
        this.lit.add(cell);
        cell.classList.add("lit");
      }
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      for (const cell of this.lit) cell.classList.remove("lit");
      this.lit.clear();
    }, LIT_FOR);
  }

  best(place) {
    const cell = place && this.cell(...place);
    if (cell === this.bestCell) return;
    this.bestCell?.classList.remove("best");
    cell?.classList.add("best");
    this.bestCell = cell;
  }

  // -- places ---------------------------------------------------------------------------------------------------------

  /** The cell at a point of the window. */
  at(x, y) {
    const row = this.rowHeads.findIndex((head) => within(y, head.getBoundingClientRect(), "top", "bottom"));
    const column = this.columnHeads.findIndex((head) => within(x, head.getBoundingClientRect(), "left", "right"));
    return row < 0 || column < 0 ? null : [row, column];
  }

  /** The rectangle of cells on the screen, within the grid. */
  box([top, left, bottom, right]) {
    if (top >= this.rows || left >= this.columns) return null;
    const origin = this.root.getBoundingClientRect();
    const first = this.columnHeads[left].getBoundingClientRect(), last = this.columnHeads[Math.min(right, this.columns - 1)].getBoundingClientRect();
    const upper = this.rowHeads[top].getBoundingClientRect(), lower = this.rowHeads[Math.min(bottom, this.rows - 1)].getBoundingClientRect();
    return { left: first.left - origin.left, top: upper.top - origin.top, width: last.right - first.left, height: lower.bottom - upper.top };
  }

  choose(row, column) {
    this.active = [row, column];
    this.chosen?.remove();
    this.chosen = null;
    const [top, left, bottom, right] = this.picture.rect;
    if (!this.cell(row, column)) {
      // A pixel, or a blank cell below: it has an element while it is chosen.
      const pixel = row >= top && row <= bottom && column >= left && column <= right;
      const chosen = (this.chosen = element("span", "unseen", pixel ? String(this.values[(row - top) * (right - left + 1) + column - left]) : ""));
      chosen.id = `cell-${row}-${column}`;
      chosen.setAttribute("role", "gridcell");
      chosen.setAttribute("aria-colindex", column + 1);
      this.rowHeads[row].after(chosen);
    }
    this.root.setAttribute("aria-activedescendant", `cell-${row}-${column}`);
    this.outline([{ rect: [row, column, row, column], kind: "selected" }]);
    this.select(row, column);
  }

  key(event) {
    const ways = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (!ways[event.key]) return;
    event.preventDefault();
    const [row, column] = this.active ?? [0, 0];
    const [down, right] = this.active ? ways[event.key] : [0, 0];
    this.choose(Math.min(this.rows - 1, Math.max(0, row + down)), Math.min(this.columns - 1, Math.max(0, column + right)));
  }

  /** Outlines of rectangles: {rect, kind: "selected" | "precedent" | "dependent", colour}. */
  outline(areas) {
    for (const { node } of this.outlines) node.remove();
    this.outlines = areas.map((area) => {
      const node = element("div", `outline ${area.kind} ${colourClass(area.colour ?? -1)}`);
      node.setAttribute("aria-hidden", "true");
      this.root.append(node);
      return { node, rect: area.rect };
    });
    this.place();
  }

  place() {
    for (const { node, rect } of this.outlines) {
      const box = this.box(rect);
      node.hidden = !box;
      if (!box) continue;
      Object.assign(node.style, { left: `${box.left - 1}px`, top: `${box.top - 1}px`, width: `${box.width + 1}px`, height: `${box.height + 1}px` });
    }
  }
}

const within = (at, box, from, to) => at >= box[from] && at < box[to];
