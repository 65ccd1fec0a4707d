// The page `view`: joins the sheet, the formula bar, the panel and the tabs to one connection.

import { CellEditor } from "/static/cell_editor.js";
import { connectClipboard } from "/static/clipboard.js";
import { Connection } from "/static/connection.js";
import { element, factsOf, formulaNodes, toast } from "/static/formula.js";
import { address } from "/static/geometry.js";
import { SheetView } from "/static/sheet_view.js";
import { connectThemeButton } from "/static/theme.js";
import { showTrace } from "/static/trace_list.js";

const $ = (id) => document.getElementById(id);

let book = null;
let current = null; // the sheet shown
const places = new Map(); // sheet -> {active, far, x, y}
let cell = null; // what is known of the active cell
let pending = 0;
const latencies = [];

connectThemeButton($("theme"));
const view = new SheetView($("sheet-view"), {
  show: (parts) => connection.request("show", { sheet: current.id, parts }),
  moved: () => moved(),
  edit: { begin: (text) => editor.begin(text), commit: () => editor.open && editor.commit(), pick: (row, column) => editor.pick(row, column) },
});
const connection = new Connection("view", { welcome: begin, push, state: showState });

const editor = new CellEditor(view, $("formula-input"), {
  content: (row, column) => (cell && cell.row === row && cell.column === column ? cell.edit : null),
  fetch: async (row, column) => {
    const found = await connection.request("inspect", { sheet: current.id, row, column }).catch(() => null);
    if (found && found.row === view.active[0] && found.column === view.active[1]) cell = found;
    return found !== null && cell === found;
  },
  enter: async (row, column, text) => Boolean(await change("enter", { sheet: current.id, row, column, rows: [[text]] })),
  closed: () => cell && showFormula(),
  save: () => save(),
});

window.sheetengine = {
  connection,
  view,
  latencies,
  get idle() { return Boolean(book) && connection.ready && !pending && !view.under && view.frame === undefined; },
  get cell() { return cell; },
};

function showState(state) {
  $("status").dataset.state = state;
  $("connection").textContent = state === "open" ? "connected" : "reconnecting";
}

function begin(message) {
  const again = book !== null;
  const before = current;
  if (again && book.unsaved && !message.unsaved) toast("The server was started anew: the file is shown as it was saved.");
  book = message;
  $("file").textContent = message.file;
  document.title = `${message.file} – sheetengine`;
  const byName = new Intl.Collator("en", { numeric: true });
  $("names").replaceChildren(...message.names.sort((one, two) => byName.compare(one.name, two.name)).map(nameItem));
  if (!message.names.length) $("names").append(element("li", "muted", "This workbook has no names."));
  if (matchMedia("(max-width: 960px)").matches && !again) togglePanel(false);
  takeState(message);
  if (before) keepPlace();
  const sheet = book.sheets.find((one) => one.id === before?.id) ?? book.sheets.find((one) => one.state === "visible") ?? book.sheets[0];
  current = null;
  openSheet(sheet.id);
}

function takeState(state) {
  book.sheets = state.sheets;
  book.unsaved = state.unsaved;
  $("unsaved").hidden = !state.unsaved;
  if (current) {
    current = state.sheets.find((sheet) => sheet.id === current.id) ?? null;
    if (!current) return openSheet(state.sheets[0].id);
    Object.assign(view.sheet, current);
    view.extend();
  }
  $("tabs").replaceChildren(
    ...state.sheets.filter((sheet) => sheet.state === "visible" || sheet.id === current?.id).map((sheet) => {
      const tab = element("button", "", sheet.name);
      tab.type = "button";
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", String(sheet.id === current?.id));
      tab.tabIndex = sheet.id === current?.id ? 0 : -1;
      tab.addEventListener("click", () => openSheet(sheet.id));
      tab.addEventListener("keydown", (event) => {
        const next = event.key === "ArrowRight" ? tab.nextElementSibling : event.key === "ArrowLeft" ? tab.previousElementSibling : null;
        if (!next) return;
        next.click();
        $("tabs").querySelector("[aria-selected=true]").focus();
      });
      return tab;
    }),
  );
}

function keepPlace() {
  places.set(current.id, { active: view.active, far: view.far, x: view.x, y: view.y });
}

function openSheet(id, place = null) {
  if (editor.open) editor.commit();
  if (current) keepPlace();
  const kept = places.get(id);
  current = book.sheets.find((sheet) => sheet.id === id);
  takeState(book);
  view.areas = [];
  view.setSheet({ ...current }, book.looks[id] ?? { frozen: [0, 0], widths: {}, hidden_rows: [], merged: [] });
  $("sheet-view").setAttribute("aria-label", `Sheet ${current.name}`);
  if (place) view.select(place[0], place[1], [place[2], place[3]]);
  else if (kept) {
    view.select(...kept.active, kept.far, { reveal: false });
    view.scrollTo(kept.x, kept.y);
  } else view.select(0, 0);
}

/** Messages that come unasked: another page edited, or saved. */
function push(message) {
  if (message.type === "edited") took(message, "another page");
  else if (message.type === "saved") takeState(message);
}

// -- edits ------------------------------------------------------------------------------------------------------------

async function change(type, fields = {}) {
  pending++;
  const started = performance.now();
  try {
    const answer = await connection.request(type, fields);
    took(answer);
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => latencies.push(performance.now() - started);
      channel.port2.postMessage(0);
    });
    return answer;
  } catch (error) {
    toast(error.message);
    return null;
  } finally {
    pending--;
  }
}

function took(message, who = "") {
  takeState(message);
  if (message.sheet === current.id) view.take(message.cells, message.lit);
  showTrace(message.trace, $("count"), $("trace"), who);
  refresh();
}

async function save() {
  if (editor.open) await editor.commit();
  pending++;
  try {
    takeState(await connection.request("save"));
    toast(`Saved ${book.file}`);
  } catch (error) {
    toast(error.message);
  }
  pending--;
}

async function undo(type) {
  const answer = await change(type);
  if (answer?.nothing) toast(type === "undo" ? "There is nothing to undo." : "There is nothing to redo.");
}

// -- the active cell --------------------------------------------------------------------------------------------------

let inspecting = null;

function moved() {
  $("name-box").value = address(view.range.join() === [...view.active, ...view.active].join() ? [...view.active, ...view.active] : view.range);
  view.outline([]);
  refresh();
}

/** Ask about the active cell; of many moves only the last is asked. */
async function refresh() {
  const wanted = `${current.id}/${view.active.join("/")}`;
  inspecting = wanted;
  await new Promise((done) => setTimeout(done, 30));
  if (inspecting !== wanted || !connection.ready) return;
  let found;
  pending++;
  try {
    found = await connection.request("inspect", { sheet: current.id, row: view.active[0], column: view.active[1] });
  } catch (error) {
    if (error.kind !== "closed") toast(error.message);
    return;
  } finally {
    pending--;
  }
  if (inspecting !== wanted) return;
  cell = found;
  if (!editor.open) showFormula();
  $("cell-title").textContent = found.cell;
  $("cell-facts").replaceChildren(factsOf(found, follow));
  const here = (area) => area.sheet === current.id;
  view.outline([
    ...found.precedents.filter(here).map((area) => ({ ...area, kind: "precedent" })),
    ...found.dependents.filter(here).map((area) => ({ rect: area.rect, kind: "dependent" })),
  ]);
  $("spoken").textContent = `${found.cell.split("!").at(-1)} ${found.text || "blank"}${found.formula.length ? ", formula" : ""}`;
}

function showFormula() {
  $("formula").replaceChildren(...(cell.formula.length ? formulaNodes(cell.formula, follow) : [element("span", "", cell.edit)]));
  $("formula-input").value = cell.edit;
}

function follow(area) {
  const rect = area.rect ?? [...cell.precedents, ...cell.dependents].find((one) => one.area === area.area)?.rect;
  const sheet = area.sheet ?? [...cell.precedents].find((one) => one.area === area.area)?.sheet;
  if (!rect) return find(area.area);
  go(sheet, rect);
}

function go(sheet, rect) {
  if (sheet !== current.id) openSheet(sheet, rect);
  else view.select(rect[0], rect[1], [rect[2], rect[3]], { reveal: true });
  view.reveal(rect[0], rect[1]);
  $("sheet-view").focus();
}

async function find(text) {
  try {
    const found = await connection.request("find", { sheet: current.id, text });
    go(found.sheet, found.rect);
  } catch (error) {
    toast(error.message);
  }
}

function nameItem(name) {
  const item = element("li"), button = element("button");
  button.type = "button";
  button.append(element("span", "", name.name), element("span", "text", name.text));
  button.title = name.text;
  if (name.rect) button.addEventListener("click", () => go(name.sheet, name.rect));
  else button.disabled = true;
  item.append(button);
  return item;
}

// -- the name box -----------------------------------------------------------------------------------------------------

for (const kind of ["focus", "click"]) $("name-box").addEventListener(kind, () => $("name-box").select());
$("name-box").addEventListener("keydown", (event) => {
  if (event.key === "Enter") find($("name-box").value);
  else if (event.key === "Escape") {
    moved();
    $("sheet-view").focus();
  }
});

// -- keyboard ---------------------------------------------------------------------------------------------------------

const ARROWS = { ArrowUp: [-1, 0, "up"], ArrowDown: [1, 0, "down"], ArrowLeft: [0, -1, "left"], ArrowRight: [0, 1, "right"] };

async function jump(way, extend) {
  const from = extend ? view.far : view.active;
  try {
    const { row, column } = await connection.request("jump", { sheet: current.id, row: from[0], column: from[1], way });
    if (extend) view.extendTo(row, column);
    else view.select(row, column);
  } catch (error) {
    toast(error.message);
  }
}

function sheetKey(event) {
  const command = event.ctrlKey || event.metaKey, { key, shiftKey: shift } = event;
  const to = (row, column) => (shift ? view.extendTo(row, column) : view.select(row, column));
  const from = shift ? view.far : view.active;
  if (ARROWS[key]) {
    const [down, right, way] = ARROWS[key];
    if (command) jump(way, shift);
    else to(...view.geometry.step(from, down, right));
  } else if (key === "PageDown" || key === "PageUp") {
    const rows = (key === "PageDown" ? 1 : -1) * view.page;
    view.scrollTo(view.x, view.y + rows * 22);
    to(from[0] + rows, from[1]);
  } else if (key === "Home") to(command ? 0 : from[0], 0);
  else if (key === "End" && command) jump("end", shift);
  else if (key === "Enter") view.select(...view.geometry.step(view.active, shift ? -1 : 1, 0));
  else if (key === "Tab") view.select(...view.geometry.step(view.active, 0, shift ? -1 : 1));
  else if (key === "F2") editor.begin(null);
  else if (key === "Delete") change("clear", { sheet: current.id, area: view.range });
  else if (key === "Backspace") editor.begin("");
  else if (command && key === "[") followFirst(cell?.precedents);
  else if (command && key === "]") followFirst(cell?.dependents);
  else if (command && key.toLowerCase() === "a") view.select(0, 0, [Math.max(0, current.rows - 1), Math.max(0, current.columns - 1)], { reveal: false });
  else if (command && key.toLowerCase() === "d") change("fill", { sheet: current.id, area: view.range, down: true });
  else if (command && key.toLowerCase() === "r") change("fill", { sheet: current.id, area: view.range, down: false });
  else if (key.length === 1 && !command && !event.altKey) editor.begin(key);
  else return;
  event.preventDefault();
}

function followFirst(areas) {
  if (areas?.length) go(areas[0].sheet, areas[0].rect);
  else toast("This cell has none.");
}

addEventListener("keydown", (event) => {
  const command = event.ctrlKey || event.metaKey, key = event.key.toLowerCase();
  if (command && key === "s") save();
  else if (event.key === "F9") change("recalculate", { full: command && event.altKey });
  else if (command && key === "z" && !event.shiftKey && !editor.open) undo("undo");
  else if (command && (key === "y" || (key === "z" && event.shiftKey)) && !editor.open) undo("redo");
  else if (event.key === "F5" || (command && key === "g")) $("name-box").focus();
  else if ($("sheet-view") === document.activeElement) return sheetKey(event);
  else return;
  event.preventDefault();
});

connectClipboard(view, { sheet: () => current, change });

// -- buttons ----------------------------------------------------------------------------------------------------------

function togglePanel(open) {
  document.querySelector("main").classList.toggle("alone", !open);
  $("panel-button").setAttribute("aria-expanded", String(open));
}

$("panel-button").addEventListener("click", () => togglePanel(document.querySelector("main").classList.contains("alone")));
$("undo").addEventListener("click", () => undo("undo"));
$("redo").addEventListener("click", () => undo("redo"));
$("recalculate").addEventListener("click", () => change("recalculate", { full: false }));
$("save").addEventListener("click", save);
