"""`sheetengine check`: are the values in a workbook those its formulas give?

In: files and folders. Out: match rates by file, sheet and function, and the first cells that differ. Nothing is written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheetengine.cli.group import NOT_WELL, WELL
from sheetengine.cli.output import cells_of, json_option, plain, print_json
from sheetengine.cli.recalc import bar
from sheetengine.display.text import table

if TYPE_CHECKING:
    from sheetengine.tasks.checking import Check

_SHOWN = 10


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--tolerance", default=1e-12, show_default=True, metavar="X", help="Numbers are equal up to this share of the larger.")
@click.option("--limit", default=_SHOWN, show_default=True, metavar="N", help="Show at most N differences of a file.")
@click.option("--functions", "by_function", is_flag=True, help="Show the match rate of each function.")
@json_option
def command(files: tuple[Path, ...], tolerance: float, limit: int, by_function: bool, as_json: bool) -> int:
    """Compare the values in workbooks with what their formulas give.

    Every formula is computed afresh and compared with the value the file holds. Volatile cells, and what depends on them, are set
    aside. For a folder, all workbooks in it. Nothing is written.

    \b
      sheetengine check report.xlsx
      sheetengine check models/ --functions
      sheetengine check a.xlsx b.xlsx --json
    """
    from sheetengine.tasks.checking import check_files, workbooks_in  # noqa: PLC0415  # the engine loads with the command

    paths = workbooks_in(files)
    found = []
    with bar("checking") as progress:
        for number, one in enumerate(check_files(paths, tolerance=tolerance, most=max(limit, 1))):
            found.append(one)
            if progress is not None:
                progress(number + 1, len(paths))
    if as_json:
        print_json({"files": [_for_json(one) for one in found], "ok": all(one.ok for one in found)})
    else:
        _print(found, limit, by_function)
    return WELL if all(one.ok for one in found) else NOT_WELL


def _for_json(found: Check) -> dict[str, Any]:
    answer = asdict(found) | {"ok": found.ok, "rate": found.total.rate}
    answer["differences"] = [
        {"cell": one.cell, "formula": one.formula, "cached": plain(one.cached), "computed": plain(one.computed)}
        for one in found.differences
    ]
    return answer


def _print(found: list[Check], limit: int, by_function: bool) -> None:
    rows = [["file", "formulas", "compared", "equal", "set aside", "unsupported", "no value", ""]]
    for one in found:
        if one.error is not None:
            rows.append([Path(one.source).name, "", "", "", "", "", "", "cannot be read"])
            continue
        total = one.total
        rows.append([
            Path(one.source).name, f"{one.formulas:,}", f"{total.compared:,}", f"{total.matched:,}", f"{one.set_aside:,}",
            f"{len(one.unsupported):,}", f"{one.missing:,}", f"{total.rate:.2%}",
        ])  # fmt: skip
    click.echo(table(rows))
    for one in found:
        if one.error is not None:
            click.echo(f"Error: {one.error}", err=True)
        for difference in one.differences[:limit]:
            click.echo(f"{Path(one.source).name} {difference.cell} {difference.formula}  {difference.cached} -> {difference.computed}")
        more = one.total.compared - one.total.matched - min(limit, len(one.differences))
        if more > 0:
            click.echo(f"{Path(one.source).name} … and {more:,} more")
        if len(one.sheets) > 1 and one.total.matched != one.total.compared:
            sheets = ", ".join(f"{name} {tally.matched:,}/{tally.compared:,}" for name, tally in one.sheets.items())
            click.echo(f"{Path(one.source).name} by sheet: {sheets}")
    _print_summary(found, by_function)


def _print_summary(found: list[Check], by_function: bool) -> None:
    functions: dict[str, list[int]] = {}
    lacking: Counter[str] = Counter()
    for one in found:
        for name, tally in one.functions.items():
            sums = functions.setdefault(name, [0, 0])
            sums[0] += tally.matched
            sums[1] += tally.compared
        lacking.update(what for reasons in one.unsupported.values() for what in reasons)
    shown = functions if by_function else {name: sums for name, sums in functions.items() if sums[0] != sums[1]}
    if shown:
        rows = [["function", "compared", "equal", ""]]
        for name, (matched, compared) in sorted(shown.items()):
            rows.append([name, f"{compared:,}", f"{matched:,}", f"{matched / max(compared, 1):.2%}"])
        click.echo(table(rows))
    matched, compared = sum(one.total.matched for one in found), sum(one.total.compared for one in found)
    if len(found) > 1:
        click.echo(f"{len(found):,} files: {matched:,} of {compared:,} formulas equal ({matched / max(compared, 1):.3%})")
    if lacking:
        cells = sum(len(one.unsupported) for one in found)
        names = ", ".join(f"{what} ({count:,})" for what, count in lacking.most_common(_SHOWN))
        click.echo(f"{cells_of(cells)} cannot be computed here: {names}", err=True)
