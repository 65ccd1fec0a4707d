// Texts in cells: how wide they are, and what a number shows where its column is narrow.

const pen = new OffscreenCanvas(1, 1).getContext("2d");
const measured = new Map();

export function measure(text) {
  let width = measured.get(text);
  if (width === undefined) {
    if (measured.size > 20_000) measured.clear();
    pen.font = measure.font ??= `13px ${getComputedStyle(document.body).fontFamily}`;
    measured.set(text, (width = pen.measureText(text).width));
  }
  return width;
}

/** A number as its column has room for it: fewer decimals where it is a plain one, else the row of # that says so. */
export function fitted(text, room) {
  if (measure(text) <= room) return text;
  if (/^-?\d+\.\d{3,}$/.test(text)) {
    for (let decimals = text.length - text.indexOf(".") - 2; decimals >= 0; decimals--) {
      const shorter = Number(text).toFixed(decimals);
      if (measure(shorter) <= room) return shorter;
    }
  }
  const scientific = /^(-?\d)\.(\d+)E([+-]\d+)$/.exec(text);
  if (scientific) {
    for (let decimals = scientific[2].length - 1; decimals >= 0; decimals--) {
      const shorter = Number(text).toExponential(decimals).replace("e", "E").replace(/\.?0+E/, "E").replace(/E([+-])(\d)$/, "E$10$2");
      if (measure(shorter) <= room) return shorter;
    }
  }
  return "#".repeat(Math.max(1, Math.floor(room / measure("#"))));
}
