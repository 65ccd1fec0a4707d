// The network as a picture: the input as it is painted, neurons filled by their activation, edges coloured by weight times activation.

import { element } from "/static/formula.js";
import { colour, onTheme, rgb } from "/static/theme.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_EDGES = 220;
const LEAST_PAUSE = 48; // milliseconds between pictures while strokes come: the eye follows, the processor rests

const make = (tag, attributes = {}) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

/** A picture of signed numbers: what raises in one colour, what lowers in another, strength as opacity. */
export function signedPicture(canvas, values, width) {
  const height = values.length / width;
  canvas.width = width;
  canvas.height = height;
  const most = values.reduce((found, value) => Math.max(found, Math.abs(value)), 1e-9);
  const image = new ImageData(width, height), paper = rgb("--raised"), plus = rgb("--plus"), minus = rgb("--minus");
  values.forEach((value, index) => {
    const share = Math.sqrt(Math.abs(value) / most), ink = value < 0 ? minus : plus;
    for (let channel = 0; channel < 3; channel++) image.data[4 * index + channel] = paper[channel] + (ink[channel] - paper[channel]) * share;
    image.data[4 * index + 3] = 255;
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

export class NetworkPicture {
  /** `point(layer, index | null)` is called when the pointer or the focus comes to a neuron or leaves; `choose(layer, index)` on a click. */
  constructor(root, { sizes, outputWeights, width, point, choose }) {
    Object.assign(this, { root, sizes, outputWeights, width, point, choose });
    this.activations = sizes.map((size) => new Float64Array(size));
    this.input = new Float64Array(0);
    this.weights = new Map(); // "layer/index" -> values
    this.at = null;
    root.replaceChildren();
    this.canvas = element("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.svg = make("svg", { role: "group", "aria-label": `Network: ${sizes.map((size) => `${size} neurons`).join(", then ")}` });
    root.append(this.canvas, this.svg);
    this.neurons = sizes.map((size, layer) => Array.from({ length: size }, (_, index) => this.neuron(layer + 1, index)));
    this.neurons.flat()[0]?.setAttribute("tabindex", "0");
    onTheme(() => this.repaint());
    new ResizeObserver(() => this.layout()).observe(root);
    this.layout();
  }

  neuron(layer, index) {
    const group = make("g", { class: "neuron", role: "button", tabindex: "-1" });
    group.append(make("circle", { class: "reach", fill: "transparent" }), make("circle", { class: "body" }));
    if (layer === this.sizes.length) {
      const label = make("text", { class: "digit" });
      label.textContent = String(index);
      group.append(label);
    }
    group.addEventListener("pointerenter", () => this.pointAt(layer, index));
    group.addEventListener("pointerleave", () => this.pointAt(null));
    group.addEventListener("focus", () => this.pointAt(layer, index));
    group.addEventListener("blur", () => this.pointAt(null));
    group.addEventListener("click", () => this.choose(layer, index));
    group.addEventListener("keydown", (event) => this.key(event, layer, index));
    this.svg.append(group);
    return group;
  }

  key(event, layer, index) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.choose(layer, index);
      return;
    }
    const ways = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    if (!ways[event.key]) return;
    event.preventDefault();
    const [across, down] = ways[event.key];
    const to = Math.min(this.sizes.length, Math.max(1, layer + across));
    const share = to === layer ? index + down : Math.round((index / Math.max(1, this.sizes[layer - 1] - 1)) * (this.sizes[to - 1] - 1));
    const next = this.neurons[to - 1][Math.min(this.sizes[to - 1] - 1, Math.max(0, share))];
    this.neurons[layer - 1][index].setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }

  pointAt(layer, index) {
    this.at = layer === null ? null : [layer, index];
    this.point(layer, index);
    this.repaint();
  }

  layout() {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (!width || !height) return;
    this.size = [width, height];
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const side = Math.min(width * 0.27, height * 0.4, 170), margin = Math.max(14, width * 0.035);
    this.square = { x: margin, y: (height - side) / 2, side };
    const first = this.square.x + side, last = width - margin - 28;
    this.places = this.sizes.map((size, layer) => {
      const share = (layer + 1) / this.sizes.length;
      const x = this.sizes.length === 1 ? last : first + (last - first) * (layer === this.sizes.length - 1 ? 1 : share * 0.98);
      const room = height - 2 * 20, step = Math.min(room / Math.max(1, size - 1), size <= 12 ? 46 : room);
      const radius = Math.max(2, Math.min(size <= 12 ? 12 : 8, step * 0.42));
      return Array.from({ length: size }, (_, index) => ({ x, y: height / 2 + (index - (size - 1) / 2) * step, radius }));
    });
    this.neurons.forEach((layer, number) =>
      layer.forEach((group, index) => {
        const { x, y, radius } = this.places[number][index];
        for (const circle of group.querySelectorAll("circle")) {
          circle.setAttribute("cx", x);
          circle.setAttribute("cy", y);
          circle.setAttribute("r", circle.classList.contains("reach") ? radius + 4 : radius);
        }
        const label = group.querySelector("text");
        label?.setAttribute("x", x + radius + 8);
        label?.setAttribute("y", y + 5);
      }),
    );
    this.repaint();
  }

  /** New input and activations: arrays by layer. */
  show(input, activations, best) {
    this.input = input;
    this.activations = activations;
    this.best = best;
    this.later ??= setTimeout(() => {
      this.later = undefined;
      this.repaint();
    }, Math.max(0, LEAST_PAUSE - (performance.now() - (this.drawn ?? 0))));
  }

  repaint() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.render();
    });
  }

  render() {
    if (!this.size) return;
    this.drawn = performance.now();
    const ratio = devicePixelRatio || 1, [width, height] = this.size;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.edges(pen);
    this.inputPicture(pen);
    const ink = rgb("--ink"), paper = rgb("--raised");
    this.neurons.forEach((layer, number) =>
      layer.forEach((group, index) => {
        const value = Math.min(1, Math.max(0, this.activations[number][index] ?? 0));
        const shade = paper.map((channel, place) => Math.round(channel + (ink[place] - channel) * value));
        const fill = `rgb(${shade.join(" ")})`, body = group.children[1];
        if (body.getAttribute("fill") !== fill) body.setAttribute("fill", fill);
        group.classList.toggle("on", this.at !== null && this.at[0] === number + 1 && this.at[1] === index);
        group.classList.toggle("first", number === this.sizes.length - 1 && index === this.best);
      }),
    );
  }

  /** Names for those who hear the page; not at every stroke. */
  describe(names) {
    this.neurons.forEach((layer, number) =>
      layer.forEach((group, index) => group.setAttribute("aria-label", names(number + 1, index, this.activations[number][index]))),
    );
  }

  /** The part that input `from` has in the neuron at `layer`, `index`. */
  contributions(layer, index) {
    const weights = this.weights.get(`${layer}/${index}`) ?? (layer === this.sizes.length ? this.outputWeights[index] : undefined);
    const inputs = layer === 1 ? this.input : this.activations[layer - 2];
    return weights?.length ? Array.from(weights, (weight, place) => weight * (inputs[place] ?? 0)) : null;
  }

  edges(pen) {
    const last = this.sizes.length;
    if (this.at) {
      const [layer, index] = this.at;
      this.fan(pen, layer, index, 1);
      if (layer < last) {
        // What it gives to each neuron of the next layer.
        const to = this.places[layer], from = this.places[layer - 1][index];
        const parts = to.map((_, next) => this.contributions(layer + 1, next)?.[index] ?? 0);
        this.lines(pen, to.map((place, next) => [from, place, parts[next]]), 1);
      }
      return;
    }
    // At rest: how much each hidden neuron is awake, and what it gives to the outputs.
    const awake = this.activations[0], right = this.square.x + this.square.side;
    if (last > 1) {
      pen.lineWidth = 1;
      this.places[0].forEach((place, index) => {
        pen.strokeStyle = colour("--muted", 0.06 + 0.3 * Math.min(1, Math.max(0, awake[index] ?? 0)));
        const y = this.square.y + ((index + 0.5) / this.places[0].length) * this.square.side;
        pen.beginPath();
        pen.moveTo(right, y);
        pen.bezierCurveTo((right + place.x) / 2, y, (right + place.x) / 2, place.y, place.x, place.y);
        pen.stroke();
      });
    }
    for (let layer = 2; layer <= last; layer++) {
      const lines = [];
      for (let index = 0; index < this.sizes[layer - 1]; index++) {
        const parts = this.contributions(layer, index);
        parts?.forEach((part, from) => lines.push([this.places[layer - 2][from], this.places[layer - 1][index], part]));
      }
      this.lines(pen, lines, 0.62);
    }
  }

  fan(pen, layer, index, strength) {
    const parts = this.contributions(layer, index);
    if (!parts) return;
    const to = this.places[layer - 1][index];
    this.lines(pen, parts.map((part, from) => [layer === 1 ? this.pixel(from) : this.places[layer - 2][from], to, part]), strength);
  }

  pixel(index) {
    const cell = this.square.side / this.width;
    return { x: this.square.x + ((index % this.width) + 0.5) * cell, y: this.square.y + (Math.floor(index / this.width) + 0.5) * cell, radius: 0 };
  }

  lines(pen, lines, strength) {
    const most = lines.reduce((found, line) => Math.max(found, Math.abs(line[2])), 1e-9);
    const shown = lines.filter((line) => Math.abs(line[2]) > most * 0.02).sort((one, two) => Math.abs(one[2]) - Math.abs(two[2])).slice(-MOST_EDGES);
    for (const [from, to, part] of shown) {
      const share = Math.abs(part) / most;
      pen.strokeStyle = colour(part < 0 ? "--minus" : "--plus", strength * (0.1 + 0.8 * share));
      pen.lineWidth = 0.5 + 2 * share * strength;
      pen.beginPath();
      pen.moveTo(from.x + from.radius, from.y);
      pen.lineTo(to.x - to.radius, to.y);
      pen.stroke();
    }
  }

  inputPicture(pen) {
    const { x, y, side } = this.square, rows = this.input.length / this.width, cell = side / this.width;
    pen.fillStyle = colour("--raised", this.at && this.at[0] === 1 ? 0.2 : 1);
    pen.strokeStyle = colour("--line-strong");
    pen.lineWidth = 1;
    pen.beginPath();
    pen.roundRect(x - 3, y - 3, side + 6, side + 6, 5);
    pen.fill();
    pen.stroke();
    const parts = this.at && this.at[0] === 1 ? this.contributions(1, this.at[1]) : null;
    const most = parts?.reduce((found, part) => Math.max(found, Math.abs(part)), 1e-9);
    for (let index = 0; index < rows * this.width; index++) {
      const value = this.input[index];
      if (!value) continue;
      const part = parts?.[index];
      pen.fillStyle = parts ? colour(part < 0 ? "--minus" : "--plus", 0.15 + 0.85 * Math.sqrt(Math.abs(part) / most)) : colour("--ink", value);
      pen.fillRect(x + (index % this.width) * cell, y + Math.floor(index / this.width) * cell, cell + 0.3, cell + 0.3);
    }
  }
}
