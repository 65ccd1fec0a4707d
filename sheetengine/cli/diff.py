"""`sheetengine diff`: what differs between two workbooks.

In: two files. Out: a table or JSON on stdout; the exit code says whether anything differs.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheetengine.cli.group import NOT_WELL, WELL
from sheetengine.cli.output import json_option, plain, print_json
from sheetengine.display.text import table

if TYPE_CHECKING:
    from sheetengine.tasks.differing import CellChange, Diff

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("diff")
@click.argument("first", type=_file)
@click.argument("second", type=_file)
@click.option("--formulas-only", is_flag=True, help="Leave out cells of one formula whose values differ.")
@click.option("--limit", default=100, show_default=True, metavar="N", help="Show at most N cells of each kind.")
@json_option
def command(first: Path, second: Path, formulas_only: bool, limit: int, as_json: bool) -> int:
    """Show the formulas and values that differ between two workbooks.

    Rows and columns that were inserted or deleted, and blocks that moved, are recognised: a formula that only follows them is no
    difference. The exit code is 1 where anything differs.

    \b
      sheetengine diff before.xlsx after.xlsx
      sheetengine diff before.xlsx after.xlsx --formulas-only --json
    """
    from sheetengine.tasks.differing import diff_files  # noqa: PLC0415  # the engine loads with the command

    found = diff_files(first, second)
    if formulas_only:
        found.results.clear()
    if as_json:
        print_json(_for_json(found))
    else:
        _print(found, limit)
    return WELL if found.same else NOT_WELL


def _for_json(found: Diff) -> dict[str, Any]:
    answer = asdict(found) | {"same": found.same}
    for kind in ("formulas", "constants", "results", "names"):
        for change in answer[kind]:
            change["old_value"], change["new_value"] = plain(change["old_value"]), plain(change["new_value"])
    return answer


def _print(found: Diff, limit: int) -> None:
    lines = [
        ("sheets that are new", found.sheets_added), ("sheets that are gone", found.sheets_removed), ("inserted", found.lines_inserted),
        ("deleted", found.lines_deleted), ("moved", [f"{block.before} -> {block.after}" for block in found.moved]),
    ]  # fmt: skip
    for title, listed in lines:
        if listed:
            click.echo(f"{title}: {', '.join(listed[:limit])}" + (f" and {len(listed) - limit:,} more" if len(listed) > limit else ""))
    for title, changes in (
        ("formulas", found.formulas),
        ("constants", found.constants),
        ("results", found.results),
        ("names", found.names),
    ):
        if changes:
            click.echo(f"{title}: {len(changes):,}")
            click.echo(table([_row(change) for change in changes[:limit]]))
            if len(changes) > limit:
                click.echo(f"… and {len(changes) - limit:,} more; see --limit", err=True)
    if found.same:
        click.echo("no difference")


def _row(change: CellChange) -> list[str]:
    where = change.before if change.before == change.after else f"{change.before or '(none)'} -> {change.after or '(none)'}"
    old = change.old_formula if change.old_formula != change.new_formula and change.old_formula is not None else _shown(change.old_value)
    new = change.new_formula if change.old_formula != change.new_formula and change.new_formula is not None else _shown(change.new_value)
    return [f"  {where}", old, "->", new]


def _shown(value: object) -> str:
    return "" if value is None else str(value)
