"""`sheetengine recalc`: compute a workbook and write the values into the file.

In: a file, edits. Out: the file, or another, with its cached values as computed; a report on stdout.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheetengine.cli.group import NOT_WELL, WELL
from sheetengine.cli.output import cells_of, json_option, plain, print_json
from sheetengine.cli.places import apply_edits, file_argument, set_option

if TYPE_CHECKING:
    from sheetengine.tasks.recalculation import Recalculation
    from sheetengine.workbook import Workbook

_SHOWN = 10


@click.command("recalc")
@file_argument
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write there instead of into FILE.")
@set_option
@click.option("--dry-run", is_flag=True, help="Report, and write nothing.")
@json_option
def command(file: Path, output: Path | None, edits: tuple[str, ...], dry_run: bool, as_json: bool) -> int:
    """Compute every formula and write the values into the file.

    All else in the file stays byte for byte: charts, images, macros, styles. The new file is written beside the old one and takes its
    name when it is complete. A cell that cannot be computed keeps its value, is listed, and makes the exit code 1.

    \b
      sheetengine recalc report.xlsx
      sheetengine recalc model.xlsx -o result.xlsx --set Rate=4.5% --set Data!B2=250
      sheetengine recalc report.xlsx --dry-run --json
    """
    from sheetengine.tasks.recalculation import recalculate_file  # noqa: PLC0415  # the engine loads with the command

    def edit(workbook: Workbook) -> None:
        apply_edits(workbook, edits)

    with bar("computing") as progress:
        found = recalculate_file(file, output, edits=edit, write=not dry_run, progress=progress)
    if as_json:
        print_json(_for_json(found))
    else:
        _print(found)
    return WELL if found.ok else NOT_WELL


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on stderr, where that is a terminal; None elsewhere."""
    stream = sys.stderr
    if not stream.isatty():
        yield None
        return
    with click.progressbar(length=1000, label=label, file=stream) as shown:

        def tell(done: int, total: int) -> None:
            shown.update(max(0, 1000 * done // max(total, 1) - shown.pos))

        yield tell


def _for_json(found: Recalculation) -> dict[str, Any]:
    answer = asdict(found) | {"ok": found.ok}
    answer["differences"] = [
        {"cell": one.cell, "formula": one.formula, "cached": plain(one.cached), "computed": plain(one.computed)}
        for one in found.differences
    ]
    return answer


def _print(found: Recalculation) -> None:
    counted = found.equal + found.different + found.missing
    click.echo(f"{found.source}: {cells_of(found.computed)} computed in {found.seconds:.2f} s")
    click.echo(f"  of {counted:,} formulas {found.equal:,} had the value computed, {found.different:,} another, {found.missing:,} none")
    for one in found.differences[:_SHOWN]:
        click.echo(f"  {one.cell} {one.formula}  {one.cached} -> {one.computed}")
    if found.different > _SHOWN:
        click.echo(f"  … and {found.different - _SHOWN:,} more; --json lists the first thousand")
    if found.volatile:
        click.echo(f"  volatile: {_listed(found.volatile)}")
    if found.output is not None:
        click.echo(f"  written to {found.output}")
    for note in found.notes:
        click.echo(f"note: {note}", err=True)
    if found.signed:
        click.echo("the file is digitally signed; the signature does not hold for the new values", err=True)
    if found.circular:
        click.echo(
            f"{cells_of(len(found.circular), 'depends on itself and counts', 'depend on themselves and count')} as 0: {_listed(found.circular)}",
            err=True,
        )
    if found.unsupported:
        cells = [f"{cell} ({', '.join(what)})" for cell, what in found.unsupported.items()]
        click.echo(f"{cells_of(len(cells), 'keeps', 'keep')} the file's value, as it cannot be computed here: {_listed(cells)}", err=True)


def _listed(cells: list[str]) -> str:
    return ", ".join(cells[:_SHOWN]) + (f" and {len(cells) - _SHOWN:,} more" if len(cells) > _SHOWN else "")
