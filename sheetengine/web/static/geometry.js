// Where rows and columns are: widths, hidden rows, and the way from a place on the screen to a cell and back.

export const MAX_ROWS = 1048576;
export const MAX_COLUMNS = 16384;
export const ROW = 22;
export const HEAD_HEIGHT = 24;
const COLUMN = 92;
const CHARACTER = 7.2;

export function columnName(column) {
  let name = "";
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}

export const address = ([top, left, bottom, right]) =>
  `${columnName(left)}${top + 1}` + (top === bottom && left === right ? "" : `:${columnName(right)}${bottom + 1}`);

export class Geometry {
  /** The looks of a sheet: `widths` in characters by column, `hidden_rows` ascending. */
  constructor(looks) {
    this.widths = new Map(Object.entries(looks.widths).map(([column, width]) => [Number(column), width > 0 ? Math.round(width * CHARACTER + 5) : 0]));
    this.lefts = [0];
    this.hidden = looks.hidden_rows;
  }

  /** Give a column another width in pixels; the answer is that width in characters, as `looks` has it. */
  resize(column, pixels) {
    this.widths.set(column, pixels);
    this.lefts.length = Math.min(this.lefts.length, column + 1);
    return (pixels - 5) / CHARACTER;
  }

  width(column) {
    return this.widths.get(column) ?? COLUMN;
  }

  left(column) {
    while (this.lefts.length <= column) this.lefts.push(this.lefts.at(-1) + this.width(this.lefts.length - 1));
    return this.lefts[column];
  }

  columnAt(x) {
    let low = 0, high = 1;
    while (high < MAX_COLUMNS && this.left(high) <= x) high *= 2;
    high = Math.min(high, MAX_COLUMNS);
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (this.left(middle) <= x) low = middle;
      else high = middle;
    }
    return low;
  }

  hiddenBefore(row) {
    let low = 0, high = this.hidden.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.hidden[middle] < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  isHidden(row) {
    return this.hidden[this.hiddenBefore(row)] === row;
  }

  top(row) {
    return (row - this.hiddenBefore(row)) * ROW;
  }

  rowAt(y) {
    let row = Math.floor(y / ROW);
    for (let next = row + this.hiddenBefore(row + 1); ; ) {
      const found = Math.floor(y / ROW) + this.hiddenBefore(next + 1);
      if (found === next) {
        row = next;
        break;
      }
      next = found;
    }
    return Math.min(MAX_ROWS - 1, row);
  }

  /** One step from a cell, over hidden rows and columns. */
  step([row, column], down, right) {
    do row += down; while (down && row > 0 && row < MAX_ROWS - 1 && this.isHidden(row));
    do column += right; while (right && column > 0 && column < MAX_COLUMNS - 1 && !this.width(column));
    return [Math.min(MAX_ROWS - 1, Math.max(0, row)), Math.min(MAX_COLUMNS - 1, Math.max(0, column))];
  }
}
