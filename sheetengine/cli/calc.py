"""`sheetengine calc`: values of a workbook, after edits.

In: a file, references, edits. Out: values on stdout. The file is never written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheetengine.address import column_name
from sheetengine.cli.output import health, json_option, plain, print_json, report_health
from sheetengine.cli.places import apply_edits, file_argument, open_file, place, set_option
from sheetengine.display.text import table

if TYPE_CHECKING:
    from sheetengine.workbook import Range, Workbook


@click.command("calc")
@file_argument
@click.argument("references", nargs=-1, metavar="[REF]...")
@set_option
@click.option("--trace", "traced", is_flag=True, help="Show what the edits recomputed, and how long it took.")
@click.option("--formulas", is_flag=True, help="Show formulas instead of values.")
@click.option("--full", is_flag=True, help="Compute everything afresh instead of trusting the file's values.")
@click.option("--limit", default=1000, show_default=True, metavar="N", help="Print at most N cells of a range or of the listing.")
@json_option
def command(
    file: Path, references: tuple[str, ...], edits: tuple[str, ...], traced: bool, formulas: bool, full: bool, limit: int, as_json: bool
) -> int:
    """Print values of a workbook, after edits if you like.

    Without REF: every cell that holds a formula, with its value. The file is not changed; --set edits a copy in memory.

    \b
      sheetengine calc loan.xlsx Payment
      sheetengine calc loan.xlsx Payment --set Rate=4.5% --set Loan!B2=250000 --trace
      sheetengine calc loan.xlsx Loan!A1:D12 --json
    """
    workbook = open_file(file)
    targets = [(text, place(workbook, text)) for text in references]
    with workbook.trace() as trace:
        if full:
            workbook.recalculate(full=True)
        apply_edits(workbook, edits)
    found = health(workbook)
    if as_json:
        answer: dict[str, Any] = {"values": {text: plain(_content(target, formulas)) for text, target in targets}}
        if not targets:
            answer["values"] = {cell.address: plain(cell.value) for cell in _formula_cells(workbook)}
        if traced:
            answer["trace"] = json.loads(trace.to_json())
        print_json(answer | found)
    else:
        for text, target in targets:
            _print(text, target, formulas, limit, label=len(targets) > 1)
        if not targets:
            _print_listing(workbook, limit)
        if traced:
            click.echo(str(trace), err=True)
    return report_health(found)


def _content(target: Range, formulas: bool) -> Any:
    if target.size == 1:
        return target.formula if formulas else target.value
    return target.formulas if formulas else target.value


def _print(text: str, target: Range, formulas: bool, limit: int, *, label: bool) -> None:
    if target.size == 1:
        shown = (target.formula or target.text) if formulas else target.text
        click.echo(f"{text}\t{shown}" if label else shown)
        return
    rows, columns = target.shape
    height = max(1, min(rows, limit // columns))
    last = f"{column_name(target.column - 2 + columns)}{target.row - 1 + height}"
    part = target if height == rows else target.sheet[f"{column_name(target.column - 1)}{target.row}:{last}"]
    cells: Sequence[Sequence[str | None]] = part.formulas if formulas else part.texts
    head = ["", *(column_name(target.column - 1 + right) for right in range(columns))]
    body = [[str(target.row + down), *(cell or "" for cell in row)] for down, row in enumerate(cells)]
    click.echo(target.address)
    click.echo(table([head, *body]))
    if height < rows:
        click.echo(f"… {rows - height:,} more rows; see --limit", err=True)


def _formula_cells(workbook: Workbook) -> Iterator[Range]:
    return (cell for sheet in workbook for cell in sheet.cells_with(formula=True))


def _print_listing(workbook: Workbook, limit: int) -> None:
    cells = _formula_cells(workbook)
    rows = [[cell.address, cell.text, cell.formula or ""] for cell in islice(cells, limit)]
    click.echo(table(rows) if rows else "no cell of this workbook holds a formula")
    more = sum(1 for _ in cells)
    if more:
        click.echo(f"… {more:,} more cells with formulas; see --limit", err=True)
