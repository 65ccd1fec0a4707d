"""What commands print: JSON, tables and complaints, with colours on a terminal only.

In: values and computed workbooks. Out: text on stdout, complaints on stderr. Invariant: stdout holds the answer alone, so that it
can be piped.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from sheetengine.cli.group import NOT_WELL, WELL
from sheetengine.values import CellError

if TYPE_CHECKING:
    from sheetengine.workbook import Workbook

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")

_MOST_LISTED = 10


def print_json(answer: object) -> None:
    """An answer for programs, on stdout."""
    click.echo(json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False))


def plain(value: object) -> object:
    """A cell's value as JSON has it; an error is an object, so that it is never taken for a text.

    >>> plain(0.5), plain(CellError("#N/A"))
    (0.5, {'error': '#N/A'})
    """
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, CellError):
        parts = {"error": value.code, "message": value.message, "origin": value.origin}
        return {name: str(part) for name, part in parts.items() if part}
    return value


def colours() -> bool:
    """Whether stdout shows colours: a terminal, and the user has not said no (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def health(workbook: Workbook) -> dict[str, Any]:
    """What is not well in a computed workbook, as JSON has it."""
    return {"circular": workbook.circular, "unsupported": {cell: list(what) for cell, what in workbook.unsupported.items()}}


def report_health(found: Mapping[str, Any]) -> int:
    """Complain on stderr about what is not well; the exit code."""
    if found["circular"]:
        click.echo(
            f"{cells_of(len(found['circular']), 'depends on itself and counts', 'depend on themselves and count')} as 0: {_listed(found['circular'])}",
            err=True,
        )
    if found["unsupported"]:
        cells = [f"{cell} ({', '.join(what)})" for cell, what in found["unsupported"].items()]
        click.echo(f"{cells_of(len(cells))} cannot be computed here: {_listed(cells)}", err=True)
    return NOT_WELL if found["circular"] or found["unsupported"] else WELL


def cells_of(count: int, one: str = "", many: str = "") -> str:
    """A number of cells, with the verb that fits it.

    >>> cells_of(1), cells_of(2000, "is", "are")
    ('1 cell', '2,000 cells are')
    """
    noun, verb = ("cell", one) if count == 1 else ("cells", many)
    return f"{count:,} {noun} {verb}".rstrip()


def _listed(cells: list[str]) -> str:
    shown = ", ".join(cells[:_MOST_LISTED])
    return shown + (f" and {len(cells) - _MOST_LISTED} more" if len(cells) > _MOST_LISTED else "")
