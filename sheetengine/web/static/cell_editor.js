// Editing one cell: in the cell or in the formula bar, both showing the same text, until it is committed or given up.

import { element } from "/static/formula.js";
import { columnName } from "/static/geometry.js";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class CellEditor {
  /**
   * `content(row, column)` is what the cell holds, as one would type it, or null where that is not known yet, and `fetch(row, column)` a promise
   * of whether it is known then; `enter(row, column, text)` makes
   * the edit and gives a promise of whether it was taken; `closed()` is called when the editor has gone; `save()` on Ctrl+S.
   */
  constructor(view, bar, { content, fetch, enter, closed, save }) {
    Object.assign(this, { view, bar, content, fetch, enter, closed, save });
    this.now = null; // {row, column, typed, inBar, input, picked}
    bar.addEventListener("focus", () => this.begin(null, true));
    bar.addEventListener("input", () => {
      if (this.now?.input) this.now.input.value = bar.value;
    });
    bar.addEventListener("keydown", (event) => this.now && this.key(event));
    bar.addEventListener("blur", () => setTimeout(() => this.now?.inBar && !this.now.busy && document.activeElement !== bar && this.commit(), 100));
  }

  get open() {
    return this.now !== null;
  }

  /** Edit the active cell: with `text` in its place, or with null what it holds. */
  begin(text, inBar = false) {
    if (this.now) return;
    const [row, column] = this.view.active, start = text ?? this.content(row, column);
    if (start === null) {
      // Not known yet: to begin with nothing would be to empty the cell.
      this.fetch(row, column).then((known) => known && this.view.active[0] === row && this.view.active[1] === column && this.begin(null, inBar));
      return;
    }
    this.bar.value = start;
    this.bar.classList.add("editing");
    // Begun by typing, the arrows end it, as in Excel; after F2 they move within the text.
    this.now = { row, column, inBar, typed: text !== null };
    if (inBar) return;
    const input = (this.now.input = element("input", "cell-editor"));
    const mark = () => input.classList.toggle("formula-like", input.value.startsWith("="));
    input.value = start;
    input.setAttribute("aria-label", `Edit ${columnName(column)}${row + 1}`);
    input.autocomplete = "off";
    input.spellcheck = false;
    input.addEventListener("input", () => {
      this.bar.value = input.value;
      mark();
      this.view.placeEditor();
    });
    input.addEventListener("keydown", (event) => this.key(event));
    mark();
    this.view.openEditor(input);
    this.view.reveal(row, column);
    input.focus({ preventScroll: true });
    input.setSelectionRange(start.length, start.length);
  }

  key(event) {
    const steps = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1] };
    const arrow = this.now.typed && !this.now.inBar && !event.shiftKey && !this.bar.value.startsWith("=") && ARROWS[event.key];
    event.stopPropagation();
    if (event.key === "Escape") this.close();
    else if (event.key === "F2") this.now.typed = !this.now.typed;
    else if (arrow) this.commit(arrow);
    else if (steps[event.key] && !event.altKey) this.commit(steps[event.key]);
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") this.save();
    else return;
    event.preventDefault();
  }

  /** Give up. */
  close() {
    this.now = null;
    this.view.closeEditor();
    this.bar.classList.remove("editing");
    this.closed();
    this.view.root.focus({ preventScroll: true });
  }

  /** Make the edit, then go a step further; a text that is refused stays, to be mended. */
  async commit(step = null) {
    const { now } = this, { row, column } = now, text = this.bar.value;
    if (now.busy) return;
    if (this.content(row, column) !== text) {
      now.busy = true;
      const taken = await this.enter(row, column, text);
      now.busy = false;
      if (!taken) {
        (now.input ?? this.bar).focus();
        return;
      }
    }
    if (this.now === now) this.close();
    if (step) this.view.select(...this.view.geometry.step([row, column], ...step));
  }

  /** A click while a formula is being typed puts the cell's address into it; whether it did. */
  pick(row, column) {
    const { now } = this;
    if (!now) return false;
    const input = now.input ?? this.bar, text = input.value, at = input.selectionStart ?? text.length;
    const before = text.slice(0, at), again = now.picked && before.endsWith(now.picked);
    const head = again ? before.slice(0, -now.picked.length) : before;
    if (!text.startsWith("=") || !/[=(,;+\-*/^&<>: ]$/.test(head)) return false;
    now.picked = `${columnName(column)}${row + 1}`;
    const end = head.length + now.picked.length;
    input.value = head + now.picked + text.slice(at);
    input.dispatchEvent(new Event("input"));
    setTimeout(() => {
      input.focus();
      input.setSelectionRange(end, end);
    });
    return true;
  }
}
