// The sheet beside the picture: pixel cells shaded by their value, the layers as numbers, outlines of what a cell reads and who reads it.

import { colourClass, element } from "/static/formula.js";

const LIT_FOR = 450;

const columnName = (column) => (column < 26 ? "" : String.fromCharCode(64 + Math.floor(column / 26))) + String.fromCharCode(65 + (column % 26));

/** A number as General shows it in a column of this many digits. */
function fitted(value, text, most) {
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
    this.cells = new Map();
    this.outlines = [];
    this.lit = new Set();
    this.active = null;
    this.shown = new Map(); // cell -> [value, text]
    this.narrow = matchMedia("(max-width: 620px)");
    this.narrow.addEventListener("change", () => this.shown.forEach(([value, text], cell) => this.write(cell, value, text)));
    root.addEventListener("click", (event) => {
      const cell = event.target.closest(".cell");
      if (cell) this.choose(Number(cell.dataset.row), Number(cell.dataset.column));
    });
    root.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.place()).observe(root);
  }

  build({ sheet, picture, layers, cells }) {
    const [top, left, bottom, right] = picture.rect;
    this.rows = sheet.rows;
    this.columns = sheet.columns;
    this.picture = picture;
    this.root.replaceChildren();
    this.cells.clear();
    this.root.setAttribute("aria-rowcount", this.rows);
    this.root.setAttribute("aria-colcount", this.columns);
    document.querySelector("main").style.setProperty("--values", Math.max(1, this.columns - right - 2));
    const rows = document.createDocumentFragment();
    const header = element("div");
    header.setAttribute("role", "row");
    header.append(element("span", "head"));
    for (let column = 0; column < this.columns; column++) {
      const head = element("span", column <= right + 1 ? "head narrow" : "head", columnName(column));
      head.setAttribute("role", "columnheader");
      header.append(head);
    }
    rows.append(header);
    for (let row = 0; row < this.rows; row++) {
      const line = element("div");
      line.setAttribute("role", "row");
      const head = element("span", "head", String(row + 1));
      head.setAttribute("role", "rowheader");
      line.append(head);
      for (let column = 0; column < this.columns; column++) {
        const pixel = row >= top && row <= bottom && column >= left && column <= right;
        const cell = element("span", `cell ${pixel ? "pixel" : "value"}`);
        cell.id = `cell-${row}-${column}`;
        cell.setAttribute("role", "gridcell");
        cell.dataset.row = row;
        cell.dataset.column = column;
        cell.dataset.address = `${columnName(column)}${row + 1}`;
        line.append(cell);
        this.cells.set(row * 1024 + column, cell);
      }
      rows.append(line);
    }
    this.root.append(rows);
    this.outputs = layers.at(-1);
    for (const [row, column, value, text, formula] of cells) {
      const cell = this.cell(row, column);
      if (!cell) continue;
      this.write(cell, value, text);
      if (typeof value === "string" && !formula) cell.classList.add("label");
    }
  }

  write(cell, value, text) {
    this.shown.set(cell, [value, text]);
    const shown = fitted(value, text, this.narrow.matches ? 7 : 8);
    if (cell.textContent !== shown) cell.textContent = shown;
  }

  cell(row, column) {
    return this.cells.get(row * 1024 + column);
  }

  shade(index, value) {
    const [top, left, , right] = this.picture.rect, width = right - left + 1;
    const cell = this.cell(top + Math.floor(index / width), left + (index % width));
    cell.style.setProperty("--v", value);
    cell.setAttribute("aria-label", value ? String(value) : "");
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

  choose(row, column) {
    this.active = [row, column];
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
    for (const { box } of this.outlines) box.remove();
    this.outlines = areas.map((area) => {
      const box = element("div", `outline ${area.kind} ${colourClass(area.colour ?? -1)}`);
      box.setAttribute("aria-hidden", "true");
      this.root.append(box);
      return { box, rect: area.rect };
    });
    this.place();
  }

  place() {
    const origin = this.root.getBoundingClientRect();
    for (const { box, rect } of this.outlines) {
      const first = this.cell(rect[0], rect[1]), last = this.cell(Math.min(rect[2], this.rows - 1), Math.min(rect[3], this.columns - 1));
      if (!first || !last) {
        box.hidden = true;
        continue;
      }
      const from = first.getBoundingClientRect(), to = last.getBoundingClientRect();
      box.style.left = `${from.left - origin.left - 1}px`;
      box.style.top = `${from.top - origin.top - 1}px`;
      box.style.width = `${to.right - from.left + 1}px`;
      box.style.height = `${to.bottom - from.top + 1}px`;
    }
  }
}
