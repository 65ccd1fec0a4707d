"""Grids as HTML, for notebooks: heads, values, the formula of a cell when the pointer rests on it.

In: a `GridPicture`. Out: a table that carries its own style and no script. Invariants: every text is escaped; it is legible on light and
dark paper, whatever the notebook's theme.
"""

from __future__ import annotations

from html import escape

from sheetengine.display.grids import CellPicture, GridPicture, readable_on, said_of_rest

_STYLE = (
    ".sheetengine{border-collapse:collapse;font:12px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums;width:auto;margin:0}"
    ".sheetengine caption{text-align:left;caption-side:top;font-weight:600;padding:2px 0;color:inherit}"
    ".sheetengine tfoot td{border:0!important;opacity:.7;text-align:left}"
    ".sheetengine th,.sheetengine td{border:1px solid rgba(128,128,128,.35)!important;padding:1px 6px;white-space:pre;"
    "max-width:320px;overflow:hidden;text-overflow:ellipsis;line-height:1.45;height:1.45em}"
    ".sheetengine th{font-weight:400!important;opacity:.65;text-align:center!important;background:rgba(128,128,128,.12)}"
    ".sheetengine td.n{text-align:right!important}.sheetengine td.t{text-align:left!important}"
    ".sheetengine td.b,.sheetengine td.e{text-align:center!important}.sheetengine td.e{color:#c0392b}"
    ".sheetengine td[title]{text-decoration:underline dotted rgba(128,128,128,.8);text-underline-offset:3px}"
    ".sheetengine td.narrow{padding:0;font-size:7px;line-height:1}"
)
_NARROW = 30.0


def grid_html(grid: GridPicture) -> str:
    """A table.

    >>> picture = GridPicture("Sheet1!A1", ("A",), (64.0,), ("1",), ((CellPicture("3", "n", "=1+2"),),))
    >>> '<td class="n" title="=1+2">3</td>' in grid_html(picture)
    True
    """
    narrow = [width < _NARROW for width in grid.widths]
    columns = "".join(f'<col style="width:{width:g}px;min-width:{width:g}px">' for width in grid.widths)
    heads = "".join(f'<th scope="col">{"" if small else escape(name)}</th>' for name, small in zip(grid.columns, narrow, strict=True))
    lines = [
        f'<tr><th scope="row">{escape(name)}</th>' + "".join(_cell(cell, small) for cell, small in zip(line, narrow, strict=True)) + "</tr>"
        for name, line in zip(grid.rows, grid.cells, strict=True)
    ]
    rest = said_of_rest(grid.left_out)
    foot = f'<tfoot><tr><td colspan="{len(grid.columns) + 1}">{rest}</td></tr></tfoot>' if rest else ""
    return (
        f'<style>{_STYLE}</style><table class="sheetengine"><caption>{escape(grid.name)}</caption><colgroup><col>{columns}</colgroup>'
        f"<thead><tr><th></th>{heads}</tr></thead><tbody>{''.join(lines)}</tbody>{foot}</table>"
    )


def _cell(cell: CellPicture, narrow: bool) -> str:
    words = " ".join(filter(None, (cell.kind, "narrow" if narrow else "")))
    attributes = f' class="{words}"' if words else ""
    if cell.formula is not None:
        attributes += f' title="{escape(cell.formula)}"'
    if cell.fill is not None:
        red, green, blue = cell.fill
        attributes += f' style="background:rgb({red},{green},{blue});color:{readable_on(cell.fill)}"'
    elif cell.bar is not None:
        share, (red, green, blue) = cell.bar
        colour = f"rgba({red},{green},{blue},.45)"
        attributes += f' style="background:linear-gradient(90deg,{colour} {share * 100:.1f}%,transparent 0)"'
    return f"<td{attributes}>{escape(cell.text)}</td>"
