// The page `draw`: joins the picture, the sheet, the network and the reading to one connection.
//
// Strokes: one message is under way at a time; what is painted meanwhile goes with the next. What the engine answers is shown at the next
// frame. So the page keeps its pace by itself: on a fast machine every event is sent at once, on a slow one they gather.

import { Connection } from "/static/connection.js";
import { DigitGrid } from "/static/digit_grid.js";
import { Easel } from "/static/easel.js";
import { element, factsOf, formulaNodes, toast } from "/static/formula.js";
import { NetworkPicture, signedPicture } from "/static/network.js";
import { connectThemeButton, onTheme } from "/static/theme.js";

const $ = (id) => document.getElementById(id);
const MOST_LATENCIES = 4000;

let easel, network, welcome;
let layers = []; // activations by layer
let predicted = null; // what the sheet itself reads off its outputs
const unsent = new Map(); // pixel -> value
let unsentSince = null;
let underWay = false;
let selected = null;
const fresh = { cells: new Map(), since: [], recomputed: 0, seconds: 0 };
let frameAsked = false;
const latencies = [];
let placeOf = new Map(); // "row/column" -> [layer, index]

connectThemeButton($("theme"));
const grid = new DigitGrid($("grid"), { select: (row, column) => inspect(row, column) });
const connection = new Connection("draw", { welcome: begin, state: showState });

// For tests and for the curious: what the page measured itself.
window.sheetengine = {
  connection,
  latencies,
  resetLatencies: () => latencies.splice(0),
  get values() { return Array.from(easel.values); },
  get idle() { return Boolean(welcome) && connection.ready && !underWay && !unsent.size && !frameAsked; },
};

function showState(state) {
  $("status").dataset.state = state;
  $("connection").textContent = state === "open" ? "connected" : "reconnecting";
}

function begin(message) {
  const again = welcome !== undefined;
  welcome = message;
  underWay = false;
  const [top, left, bottom, right] = message.picture.rect;
  placeOf = new Map(message.layers.flatMap((layer, number) => layer.map(([row, column], index) => [`${row}/${column}`, [number, index]])));
  layers = message.layers.map((layer) => new Float64Array(layer.length));
  if (!again) {
    grid.build(message);
    easel = new Easel($("picture"), {
      height: bottom - top + 1,
      width: right - left + 1,
      changed: painted,
      history: () => ($("undo").disabled = easel.done.length === 0),
    });
    network = new NetworkPicture($("network"), {
      sizes: message.layers.map((layer) => layer.length),
      outputWeights: message.output_weights,
      width: easel.width,
      point: pointAt,
      choose: (layer, index) => grid.choose(...welcome.layers[layer - 1][index]),
    });
    message.layers.at(-1).forEach((_, digit) => $("bars").append(bar(digit)));
    connectTools();
  }
  take(message.cells);
  if (again) {
    // A new session has an empty sheet: it gets the whole picture, and our screen stays as it is.
    unsent.clear();
    easel.values.forEach((value, index) => value !== message.picture.values[index] && unsent.set(index, value));
    unsentSince = null;
    send();
  } else {
    message.picture.values.forEach((value, index) => (easel.values[index] = value));
    easel.repaint();
    easel.values.forEach((value, index) => grid.shade(index, value));
  }
  show();
  fetchWeights();
}

// -- painting ---------------------------------------------------------------------------------------------------------

function painted(indices, time) {
  for (const index of indices) unsent.set(index, easel.values[index]);
  unsentSince ??= time;
  $("hint").classList.add("gone");
  for (const index of indices) grid.shade(index, easel.values[index]);
  send();
}

async function send() {
  if (underWay || !unsent.size || !connection.ready) return;
  underWay = true;
  const since = unsentSince;
  const pixels = Array.from(unsent, ([index, value]) => [Math.floor(index / easel.width), index % easel.width, value]);
  unsent.clear();
  unsentSince = null;
  try {
    const answer = await connection.request("paint", { pixels });
    for (const cell of answer.cells) fresh.cells.set(cell[0] * 1024 + cell[1], cell);
    fresh.recomputed = answer.recomputed;
    fresh.seconds = answer.seconds;
    if (since !== null) fresh.since.push(since);
    askFrame();
  } catch (error) {
    if (error.kind !== "closed") toast(error.message);
  }
  underWay = false;
  send();
}

function askFrame() {
  if (frameAsked) return;
  frameAsked = true;
  requestAnimationFrame(() => {
    frameAsked = false;
    const cells = Array.from(fresh.cells.values()), since = fresh.since.splice(0);
    fresh.cells.clear();
    grid.compute(cells);
    take(cells);
    show();
    // A task posted in a frame runs when that frame has been handed over.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const now = performance.now();
      for (const time of since) latencies.push(now - time);
      latencies.splice(0, latencies.length - MOST_LATENCIES);
      count(now - since[0]);
    };
    channel.port2.postMessage(0);
  });
}

function take(cells) {
  for (const [row, column, value] of cells) {
    const place = placeOf.get(`${row}/${column}`);
    if (place) layers[place[0]][place[1]] = typeof value === "number" ? value : 0;
    else if (welcome.reading?.[0] === row && welcome.reading[1] === column) predicted = value;
  }
}

/** The line below the grid: ten times a second are enough for the eye, and every change of a text is a layout. */
function count(latency) {
  count.latency = latency ?? count.latency;
  count.later ??= setTimeout(() => {
    count.later = undefined;
    writeCount(count.latency);
  }, Math.max(0, 100 - (performance.now() - (count.at ?? 0))));
}

function writeCount(latency) {
  count.at = performance.now();
  $("cells").textContent = `${fresh.recomputed} cells`;
  $("cells").dataset.recomputed = fresh.recomputed;
  const engine = `recomputed in ${(fresh.seconds * 1000).toFixed(fresh.seconds < 0.001 ? 2 : 1)} ms`;
  $("took").textContent = latency === undefined ? engine : `${engine}, on the screen ${latency.toFixed(0)} ms after the stroke`;
}

// -- showing ----------------------------------------------------------------------------------------------------------

function bar(digit) {
  const item = element("li"), track = element("span", "track");
  track.append(element("span", "bar"));
  item.append(element("span", "", String(digit)), track, element("span", "amount", "0.000"));
  return item;
}

function show() {
  const outputs = layers.at(-1), blank = easel.blank;
  let best = 0;
  outputs.forEach((value, digit) => value > outputs[best] && (best = digit));
  Array.from($("bars").children).forEach((item, digit) => {
    const amount = outputs[digit].toFixed(3), node = item.querySelector(".amount");
    if (node.textContent !== amount) {
      item.querySelector(".bar").style.transform = `scaleX(${Math.min(1, Math.max(0, outputs[digit]))})`;
      node.firstChild.data = amount;
    }
    item.classList.toggle("first", !blank && digit === best);
  });
  const reading = $("reading"), shown = blank ? "" : String(typeof predicted === "number" || typeof predicted === "string" ? predicted : best);
  if (reading.dataset.digit !== shown) {
    reading.dataset.digit = shown;
    reading.textContent = blank ? "–" : shown;
  }
  const second = outputs.reduce((found, value, digit) => (digit !== best && (found < 0 || value > outputs[found]) ? digit : found), -1);
  $("sure").textContent = blank ? "nothing drawn yet"
    : outputs[best] < 0.5 ? `not sure: or a ${second}?`
    : outputs[second] > 0.25 ? `or a ${second}?`
    : `output ${outputs[best].toFixed(3)}`;
  $("hint").classList.toggle("gone", !blank);
  grid.best(blank ? null : welcome.layers.at(-1)[best]);
  network.show(easel.values, layers, blank ? -1 : best);
  clearTimeout(show.later);
  show.later = setTimeout(() => {
    network.describe((layer, index, value) => `${layer === layers.length ? `Output ${index}` : `Hidden neuron ${index + 1}`}: ${value.toFixed(3)}`);
    if (selected) inspect(...selected, true);
  }, 350);
}

// -- one cell ---------------------------------------------------------------------------------------------------------

async function inspect(row, column, again = false) {
  selected = [row, column];
  let cell;
  try {
    cell = await connection.request("inspect", { sheet: welcome.sheet.id, row, column });
  } catch (error) {
    if (error.kind !== "closed") toast(error.message);
    return;
  }
  if (selected[0] !== row || selected[1] !== column) return;
  $("name-box").textContent = cell.cell.split("!").at(-1);
  $("formula").replaceChildren(...(cell.formula.length ? formulaNodes(cell.formula, follow) : [element("span", "", cell.edit)]));
  const heading = element("h2", "", cell.cell);
  $("inspector").replaceChildren(heading, factsOf(cell, follow));
  $("inspector").hidden = false;
  const here = (area) => area.sheet === welcome.sheet.id;
  grid.outline([
    ...cell.precedents.filter(here).map((area) => ({ ...area, kind: "precedent" })),
    ...cell.dependents.filter(here).map((area) => ({ rect: area.rect, kind: "dependent" })),
    { rect: [row, column, row, column], kind: "selected" },
  ]);
  const neuron = placeOf.get(`${row}/${column}`);
  if (neuron) showWeights(neuron[0] + 1, neuron[1]);
  else if (!again) hideWeights();
}

function follow(area) {
  const neuron = selected && placeOf.get(selected.join("/"));
  if (area.rect && area.sheet === welcome.sheet.id) grid.choose(area.rect[0], area.rect[1]);
  else if (neuron) $("weights").scrollIntoView({ block: "nearest", behavior: "smooth" });
}

// -- weights ----------------------------------------------------------------------------------------------------------

let pinned = null;

async function fetchWeights() {
  for (let layer = 1; layer <= welcome.layers.length; layer++) {
    for (let index = 0; index < welcome.layers[layer - 1].length; index++) {
      try {
        const answer = await connection.request("neuron", { layer, index });
        network.weights.set(`${layer}/${index}`, answer.values);
        network.details ??= new Map();
        network.details.set(`${layer}/${index}`, answer);
      } catch {
        return; // the next welcome begins anew
      }
    }
  }
}

function pointAt(layer, index) {
  if (layer === null) {
    $("network-text").textContent = "point at a neuron: its weights times what comes in";
    if (pinned) drawWeights(...pinned);
    return;
  }
  const value = layers[layer - 1][index], detail = network.details?.get(`${layer}/${index}`);
  $("network-text").textContent = `${detail ? detail.cell.split("!").at(-1) : ""} = ${value.toFixed(4)}, ${layer === layers.length ? `output for ${index}` : `hidden neuron ${index + 1}`}`;
  if (layer === 1) drawWeights(layer, index);
}

function showWeights(layer, index) {
  pinned = layer === 1 ? [layer, index] : null;
  if (pinned) drawWeights(layer, index);
  else hideWeights();
  network.at = null;
}

function hideWeights() {
  pinned = null;
  $("weights").hidden = true;
}

const signed = (number) => number.toFixed(2).replace("-", "\u2212");

function drawWeights(layer, index) {
  const detail = network.details?.get(`${layer}/${index}`);
  if (!detail?.area) return;
  $("weights").hidden = false;
  const name = `hidden neuron ${index + 1}`;
  signedPicture($("weights-picture"), detail.values, easel.width);
  $("weights-picture").setAttribute("aria-label", `The 28 by 28 weights of ${name}`);
  const products = network.contributions(layer, index);
  signedPicture($("product-picture"), products, easel.width);
  $("product-picture").setAttribute("aria-label", `Weights times picture of ${name}`);
  const sum = products.reduce((total, part) => total + part, 0);
  $("weights-text").replaceChildren(
    element("b", "", `Hidden neuron ${index + 1}`),
    element("span", "", `${detail.area}: the products sum to ${signed(sum)}, the bias is ${signed(detail.bias)}: the neuron answers ${layers[0][index].toFixed(3)}.`),
  );
}

onTheme(() => pinned && drawWeights(...pinned));

// -- tools ------------------------------------------------------------------------------------------------------------

function connectTools() {
  const tool = (name) => {
    easel.tool = name;
    for (const id of ["pen", "eraser"]) {
      $(id).setAttribute("aria-checked", String(id === name));
      $(id).tabIndex = id === name ? 0 : -1;
    }
  };
  const replace = (values, time) => {
    easel.remember();
    easel.assign(values, time);
  };
  const clear = (event) => {
    replace(new Float64Array(easel.values.length), event?.timeStamp);
    $("source").textContent = "";
  };
  const undo = (event) => easel.undo(event?.timeStamp);
  let number = -1;
  const digit = async () => {
    number = (number + 1) % 1000;
    const answer = await connection.request("digit", { number }).catch((error) => error.kind !== "closed" && toast(error.message));
    if (!answer) return;
    replace(answer.values);
    $("source").textContent = `MNIST test digit ${number}: a ${answer.label}`;
  };
  tool("pen");
  $("pen").addEventListener("click", () => tool("pen"));
  $("eraser").addEventListener("click", () => tool("eraser"));
  for (const id of ["pen", "eraser"]) {
    $(id).addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      tool(id === "pen" ? "eraser" : "pen");
      $(easel.tool).focus();
    });
  }
  $("undo").addEventListener("click", undo);
  $("clear").addEventListener("click", clear);
  $("centre").addEventListener("click", (event) => replace(easel.centred(), event.timeStamp));
  $("digit").addEventListener("click", digit);
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      undo(event);
    } else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "p") tool("pen");
    else if (event.key === "e") tool("eraser");
    else if (event.key === "t") digit();
    else if (event.key === "Delete") clear(event);
  });
}
