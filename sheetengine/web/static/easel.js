// The picture to paint on: mouse, finger, pen or keyboard become brightness of pixels. What it holds is the truth of this page; the engine follows.

import { element } from "/static/formula.js";
import { onTheme, rgb } from "/static/theme.js";

const RADIUS = 1.4; // pixels of the picture: a stroke as wide as MNIST's
const SOFT = 0.95; // over which it fades out
const STEP = 0.3;
const MOST_UNDO = 200;

export class Easel {
  /** `changed(indices, time)` is called for every stretch of a stroke, with the time of its first event. */
  constructor(canvas, { height, width, changed, history = () => {} }) {
    this.canvas = canvas;
    this.height = height;
    this.width = width;
    this.values = new Float64Array(height * width);
    this.changed = changed;
    this.historyChanged = history;
    this.done = [];
    this.tool = "pen";
    this.cursor = [Math.floor(height / 2), Math.floor(width / 2)];
    this.mark = element("div", "brush-place");
    this.mark.hidden = true;
    canvas.parentElement.append(this.mark);
    this.listen();
    onTheme(() => this.repaint());
    this.repaint();
  }

  get blank() {
    return this.values.every((value) => value === 0);
  }

  listen() {
    const canvas = this.canvas;
    // Raw updates come as the device sends them; moves wait for the next frame. Where there are none, moves will do.
    const moves = "onpointerrawupdate" in window ? "pointerrawupdate" : "pointermove";
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button > 0 && event.button !== 5) return;
      if (event.isTrusted) canvas.setPointerCapture(event.pointerId);
      this.pointer = event.pointerId;
      this.erasing = event.button === 5;
      this.remember();
      this.last = null;
      this.stroke([event], event.timeStamp);
    });
    canvas.addEventListener(moves, (event) => {
      if (event.pointerId !== this.pointer) return;
      const events = event.getCoalescedEvents?.() ?? [];
      this.stroke(events.length ? events : [event], event.timeStamp);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => {
        if (event.pointerId === this.pointer) this.pointer = undefined;
      });
    }
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => this.repaint());
    canvas.addEventListener("blur", () => this.repaint());
  }

  key(event) {
    const ways = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const [row, column] = this.cursor;
    if (ways[event.key] && !event.ctrlKey && !event.metaKey) {
      const [down, right] = ways[event.key];
      this.cursor = [Math.min(this.height - 1, Math.max(0, row + down)), Math.min(this.width - 1, Math.max(0, column + right))];
      this.keyboard = true;
      if (event.shiftKey) this.dab(this.cursor, event.timeStamp);
      this.repaint();
    } else if (event.key === " " || event.key === "x" || event.key === "X") {
      this.keyboard = true;
      this.remember();
      this.erasing = event.key !== " ";
      this.dab(this.cursor, event.timeStamp);
      this.erasing = false;
    } else return;
    event.preventDefault();
  }

  dab([row, column], time) {
    const touched = new Set();
    this.brush(column + 0.5, row + 0.5, RADIUS, touched);
    this.tell(touched, time);
  }

  stroke(events, time) {
    const box = this.canvas.getBoundingClientRect();
    const touched = new Set();
    for (const event of events) {
      const x = ((event.clientX - box.left) / box.width) * this.width;
      const y = ((event.clientY - box.top) / box.height) * this.height;
      const radius = RADIUS * (event.pointerType === "pen" && event.pressure > 0 ? 0.7 + 0.6 * event.pressure : 1);
      const [fromX, fromY] = this.last ?? [x, y];
      const steps = Math.max(1, Math.ceil(Math.hypot(x - fromX, y - fromY) / STEP));
      for (let step = 1; step <= steps; step++) {
        this.brush(fromX + ((x - fromX) * step) / steps, fromY + ((y - fromY) * step) / steps, radius, touched);
      }
      this.last = [x, y];
    }
    this.tell(touched, time);
  }

  brush(x, y, radius, touched) {
    const erase = this.tool === "eraser" || this.erasing;
    const reach = erase ? radius + 0.6 : radius;
    for (let row = Math.max(0, Math.floor(y - reach)); row <= Math.min(this.height - 1, Math.floor(y + reach)); row++) {
      for (let column = Math.max(0, Math.floor(x - reach)); column <= Math.min(this.width - 1, Math.floor(x + reach)); column++) {
        const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const ink = Math.round(Math.min(1, Math.max(0, (reach - distance) / SOFT)) * 100) / 100;
        const index = row * this.width + column;
        const now = this.values[index];
        const next = erase ? Math.min(now, 1 - ink) : Math.max(now, ink);
        if (next !== now) {
          this.values[index] = next;
          touched.add(index);
        }
      }
    }
  }

  /** Keep the picture as it is, so that `undo` can bring it back. */
  remember() {
    this.done.push(this.values.slice());
    if (this.done.length > MOST_UNDO) this.done.shift();
    this.historyChanged();
  }

  undo(time) {
    const before = this.done.pop();
    if (before) this.assign(before, time);
    this.historyChanged();
  }

  /** Put another picture in this one's place: only what differs is told. */
  assign(values, time) {
    const touched = new Set();
    values.forEach((value, index) => {
      if (value !== this.values[index]) {
        this.values[index] = value;
        touched.add(index);
      }
    });
    this.tell(touched, time);
  }

  /** The picture with its centre of mass in the middle, by whole pixels. */
  centred() {
    let mass = 0, rows = 0, columns = 0;
    this.values.forEach((value, index) => {
      mass += value;
      rows += value * Math.floor(index / this.width);
      columns += value * (index % this.width);
    });
    if (!mass) return this.values.slice();
    const down = Math.round((this.height - 1) / 2 - rows / mass), right = Math.round((this.width - 1) / 2 - columns / mass);
    return this.values.map((_, index) => {
      const row = Math.floor(index / this.width) - down, column = (index % this.width) - right;
      return row >= 0 && row < this.height && column >= 0 && column < this.width ? this.values[row * this.width + column] : 0;
    });
  }

  tell(touched, time = performance.now()) {
    if (!touched.size) return;
    this.repaint();
    this.changed(touched, time);
  }

  repaint() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      shadePicture(this.canvas, this.values, this.width);
      this.showCursor();
    });
  }

  showCursor() {
    const shown = this.keyboard && document.activeElement === this.canvas;
    this.mark.hidden = !shown;
    if (!shown) return;
    const [row, column] = this.cursor;
    Object.assign(this.mark.style, {
      left: `${(column / this.width) * 100}%`, top: `${(row / this.height) * 100}%`, width: `${100 / this.width}%`, height: `${100 / this.height}%`,
    });
  }
}

/** Brightness as ink on paper: one pixel of the canvas for each, made large by CSS, which costs nothing where nothing changed. */
export function shadePicture(canvas, values, width) {
  const height = values.length / width;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const image = new ImageData(width, height), ink = rgb("--ink"), paper = rgb("--raised"), data = image.data;
  for (let index = 0; index < values.length; index++) {
    for (let channel = 0; channel < 3; channel++) data[4 * index + channel] = paper[channel] + (ink[channel] - paper[channel]) * values[index];
    data[4 * index + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}
