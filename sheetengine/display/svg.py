"""Grids and graphs as SVG: pictures without a browser, that scale and can be searched.

In: a `GridPicture` or a `Graph`. Out: the text of an SVG file. Invariants: nothing is loaded from elsewhere; every text is escaped; on
dark paper the colours are those for dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from sheetengine.display.boxes import LINE, WIDTH, Box, Graph, Placed, place
from sheetengine.display.grids import CellPicture, GridPicture, readable_on, said_of_rest
from sheetengine.display.text import clip

_LIGHT = {
    "paper": "#fffefb", "ink": "#1d2126", "muted": "#5d636b", "line": "#d9d6cd", "head": "#efede6", "box": "#ffffff", "edge": "#8d9299",
    "input": "#e4eef2", "formula": "#ffffff", "edited": "#ffe9b0", "asked": "#d5e8ef", "accent": "#1c6e8c", "error": "#b3261e",
}  # fmt: skip
_DARK = {
    "paper": "#1b1e21", "ink": "#eceae4", "muted": "#a2a8af", "line": "#3a4046", "head": "#262b30", "box": "#22262a", "edge": "#848b93",
    "input": "#20343c", "formula": "#22262a", "edited": "#4d3f14", "asked": "#1f4250", "accent": "#6cc4e4", "error": "#ff8a80",
}  # fmt: skip
_MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
_SANS = "system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif"
_FONT = f"font-family:{_SANS};font-variant-numeric:tabular-nums"
_ROW, _HEAD, _HEAD_HEIGHT = 20.0, 44.0, 20.0
_SMALL = 30.0
_CHARACTER = 6.4


class SvgPicture:
    """A picture that notebooks show and that can be saved: `sheet.show().save("sheet.svg")`."""

    def __init__(self, svg: str) -> None:
        self.svg = svg

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | Path) -> None:
        """Write it as an .svg file."""
        Path(path).write_text(self.svg, "utf-8")

    def __repr__(self) -> str:
        return f"<SvgPicture, {len(self.svg):,} characters: show it in a notebook or save it>"


def _document(width: float, height: float, title: str, body: Sequence[str]) -> str:
    def colours(named: dict[str, str]) -> str:
        return ";".join(f"--{name}:{value}" for name, value in named.items())

    style = (
        f".s{{{colours(_LIGHT)};{_FONT}}}@media(prefers-color-scheme:dark){{.s{{{colours(_DARK)}}}}}"
        ".s text{fill:var(--ink)}.s .muted{fill:var(--muted)}.s .paper{fill:var(--paper)}.s .line{stroke:var(--line);fill:none}"
        ".s .head{fill:var(--head)}.s .error{fill:var(--error)}"
        ".s .box{stroke:var(--line);fill:var(--formula)}.s .input{fill:var(--input)}.s .edited{fill:var(--edited)}"
        ".s .asked{fill:var(--asked);stroke:var(--accent);stroke-width:2}.s .edge{stroke:var(--edge);fill:none;stroke-width:1.3}"
        f".s .tip{{fill:var(--edge)}}.s .mono{{font-family:{_MONO}}}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="s" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        f'role="img" aria-label="{escape(title)}"><title>{escape(title)}</title><style>{style}</style>'
        f'<rect class="paper" width="100%" height="100%" rx="8"/>{"".join(body)}</svg>'
    )


# -- grids ---------------------------------------------------------------------------------------------------------------


def grid_svg(grid: GridPicture) -> str:
    """A grid with its heads; cells so narrow that they are pixels get square rows and no texts."""
    small = [width < _SMALL for width in grid.widths]
    pixels = sum(small) > len(small) / 2
    row_height = min(grid.widths) if pixels else _ROW
    row_height = max(row_height, 12.0)
    lefts = [_HEAD]
    for width in grid.widths:
        lefts.append(lefts[-1] + width)
    rest = said_of_rest(grid.left_out)
    bottom = _HEAD_HEIGHT + row_height * len(grid.rows)
    body = [
        f'<rect class="head" width="{lefts[-1]:g}" height="{_HEAD_HEIGHT:g}"/><rect class="head" width="{_HEAD:g}" height="{bottom:g}"/>'
    ]
    text_size = min(12.0, row_height * 0.68)
    for column, name in enumerate(grid.columns):
        size = 7 if small[column] else 11
        middle = (lefts[column] + lefts[column + 1]) / 2
        body.append(f'<text class="muted" x="{middle:g}" y="14" font-size="{size}" text-anchor="middle">{escape(name)}</text>')
    for row, (name, line) in enumerate(zip(grid.rows, grid.cells, strict=True)):
        top = _HEAD_HEIGHT + row * row_height
        base = top + row_height / 2 + text_size * 0.36
        body.append(
            f'<text class="muted" x="{_HEAD / 2:g}" y="{base:.1f}" font-size="{min(11.0, text_size):.3g}" text-anchor="middle">{escape(name)}</text>'
        )
        for column, cell in enumerate(line):
            body += _svg_cell(cell, lefts[column], top, grid.widths[column], row_height, base, 0.0 if small[column] else text_size)
    grid_lines = "".join(f"M{left:g} 0V{bottom:g}" for left in lefts)
    grid_lines += "".join(f"M0 {_HEAD_HEIGHT + row * row_height:g}H{lefts[-1]:g}" for row in range(len(grid.rows) + 1))
    body.append(f'<path class="line" d="{grid_lines}" stroke-width=".6"/>')
    if rest:
        body.append(f'<text class="muted" x="6" y="{bottom + 16:g}" font-size="11">{rest}</text>')
    return _document(lefts[-1] + 1, bottom + (24 if rest else 1), grid.name, body)


def _svg_cell(cell: CellPicture, left: float, top: float, width: float, height: float, base: float, size: float) -> list[str]:
    found = []
    colour = ""
    if cell.fill is not None:
        red, green, blue = cell.fill
        found.append(f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" fill="rgb({red},{green},{blue})"/>')
        colour = f' style="fill:{readable_on(cell.fill)}"'
    if cell.bar is not None:
        share, (red, green, blue) = cell.bar
        found.append(
            f'<rect x="{left + 1:g}" y="{top + 2:g}" width="{max(0.0, (width - 2) * share):.1f}" height="{height - 4:g}" rx="2" '
            f'fill="rgb({red},{green},{blue})" opacity=".5"/>'
        )
    if cell.text and size:
        shown = clip(cell.text, max(2, int((width - 8) / _CHARACTER)))
        anchor, x = {"n": ("end", left + width - 5), "t": ("start", left + 5)}.get(cell.kind, ("middle", left + width / 2))
        tip = "" if cell.formula is None else f"<title>{escape(cell.formula)}</title>"
        error = ' class="error"' if cell.kind == "e" else ""
        found.append(
            f'<text x="{x:g}" y="{base:.1f}" font-size="{size:.3g}" text-anchor="{anchor}"{error}{colour}>{tip}{escape(shown)}</text>'
        )
    return found


# -- graphs --------------------------------------------------------------------------------------------------------------


def graph_svg(graph: Graph, title: str) -> str:
    """Boxes with arrows from what is read to who reads it."""
    placed, width, height = place(graph)
    at = {one.box.key: one for one in placed}
    body = [_arrow(at[one], at[two]) for one, two in graph.edges if one in at and two in at and one != two]
    body += [_box(one) for one in placed]
    if graph.more:
        body.append(f'<text class="muted" x="20" y="{height + 12}" font-size="12">{escape(graph.more)}</text>')
        height += 28
    return _document(width, height, title, body)


def graph_picture(graph: Graph, title: str) -> SvgPicture:
    """`graph_svg` as a picture that notebooks show."""
    return SvgPicture(graph_svg(graph, title))


def _arrow(one: Placed, two: Placed) -> str:
    start_y, end_y = one.y + one.box.height / 2, two.y + two.box.height / 2
    start, end = one.x + WIDTH, two.x
    if end > start:
        middle = (start + end) / 2
        path = f"M{start} {start_y:g}C{middle:g} {start_y:g} {middle:g} {end_y:g} {end - 7} {end_y:g}"
    else:
        # Backwards or within a column: around the right ends.
        end = two.x + WIDTH
        out = max(start, end) + 44
        path = f"M{start} {start_y:g}C{out} {start_y:g} {out} {end_y:g} {end + 7} {end_y:g}"
        return f'<path class="edge" d="{path}"/><path class="tip" d="M{end} {end_y:g}l8 -4v8z"/>'
    return f'<path class="edge" d="{path}"/><path class="tip" d="M{end} {end_y:g}l-8 -4v8z"/>'


def _box(one: Placed) -> str:
    box: Box = one.box
    parts = [f'<rect class="box {box.kind}" x="{one.x}" y="{one.y}" width="{WIDTH}" height="{box.height}" rx="7"/>']
    loop = " ↻" if box.loop else ""
    parts.append(f'<text x="{one.x + 11}" y="{one.y + 20}" font-size="13" font-weight="600">{escape(clip(box.title, 24) + loop)}</text>')
    for number, line in enumerate(box.lines, start=1):
        kind = "mono muted" if line.startswith("=") else "muted"
        shown = escape(clip(line, 32))
        parts.append(f'<text class="{kind}" x="{one.x + 11}" y="{one.y + 20 + LINE * number}" font-size="11">{shown}</text>')
    whole = "\n".join((box.title, *box.lines))
    return f"<g><title>{escape(whole)}</title>{''.join(parts)}</g>"
