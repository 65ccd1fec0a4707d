"""`sheetengine deps`: precedents or dependents of a cell as a tree.

In: a file and a reference. Out: a tree on stdout. Invariants: a cell is unfolded once, and named again where it comes again; the
tree is bounded in depth and lines.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheetengine.cli.output import health, json_option, plain, print_json, report_health
from sheetengine.cli.places import file_argument, open_file, place
from sheetengine.display.text import Branch, tree

if TYPE_CHECKING:
    from sheetengine.workbook import Range


@click.command("deps")
@file_argument
@click.argument("reference", metavar="REF")
@click.option("--dependents", is_flag=True, help="What reads REF, instead of what REF reads.")
@click.option("--transitive", is_flag=True, help="What those read (or are read by) too, to the end.")
@click.option("--limit", default=200, show_default=True, metavar="N", help="Print at most N lines.")
@json_option
def command(file: Path, reference: str, dependents: bool, transitive: bool, limit: int, as_json: bool) -> int:
    """Print what a cell reads, or what reads it, as a tree.

    Cells filled with one formula are one line.

    \b
      sheetengine deps loan.xlsx Payment --transitive
      sheetengine deps loan.xlsx Loan!B2 --dependents
    """
    workbook = open_file(file)
    root = place(workbook, reference)
    found = health(workbook)
    unfolded = _Unfolding(dependents, limit if transitive else None).of(root)
    if as_json:
        print_json({"direction": "dependents" if dependents else "precedents", **_as_json(unfolded)} | found)
    else:
        click.echo(tree(_as_branch(unfolded), most=limit))
        if not unfolded.links:
            click.echo(f"nothing reads {root.address}" if dependents else f"{root.address} reads nothing", err=True)
    return report_health(found)


class _Link:
    """A range of the tree and what it leads to; `again`: it was unfolded elsewhere."""

    def __init__(self, place: Range, again: bool = False) -> None:
        self.place = place
        self.again = again
        self.links: list[_Link] = []


class _Unfolding:
    """Follows reads breadth first, so that a cell is unfolded where it is nearest to the root."""

    def __init__(self, dependents: bool, most: int | None) -> None:
        self.dependents = dependents
        self.most = most

    def of(self, root: Range) -> _Link:
        top = _Link(root)
        seen = {root}
        waiting = [top]
        count = 0
        for link in waiting:
            for near in link.place.dependents() if self.dependents else link.place.precedents():
                count += 1
                below = _Link(near, again=near in seen)
                link.links.append(below)
                if self.most is not None and not below.again and count < self.most:
                    seen.add(near)
                    waiting.append(below)
        return top


def _label(link: _Link) -> str:
    cells = link.place
    if link.again:
        return f"{cells.address}  (above)"
    if cells.size == 1:
        return f"{cells.address}  {cells.text}" + (f"  {cells.formula}" if cells.formula else "")
    formula = cells.formula
    return f"{cells.address}  {cells.size:,} cells" + (f"  {formula}" if formula else "")


def _as_branch(link: _Link) -> Branch:
    return _label(link), [_as_branch(below) for below in link.links]


def _as_json(link: _Link) -> dict[str, Any]:
    cells = link.place
    answer: dict[str, Any] = {"range": cells.address, "cells": cells.size, "formula": cells.formula}
    if cells.size == 1:
        answer["value"] = plain(cells.value)
    if link.again:
        answer["again"] = True
    elif link.links:
        answer["links"] = [_as_json(below) for below in link.links]
    return answer
