"""`sheetengine graph`: what a cell rests on, or what rests on it, as a picture.

In: a file and a reference. Out: an SVG file, or its text on stdout. Invariant: cells filled with one formula are one box, so that a
workbook of 100,000 cells stays readable.
"""

from __future__ import annotations

from pathlib import Path

import click

from sheetengine.cli.output import health, json_option, print_json, report_health
from sheetengine.cli.places import file_argument, open_file, place
from sheetengine.display.svg import graph_picture
from sheetengine.workbook.dependency_map import Way, dependency_map


@click.command("graph")
@file_argument
@click.argument("reference", metavar="REF")
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="File to write; without it stdout.")
@click.option("--dependents", is_flag=True, help="What rests on REF, instead of what REF rests on.")
@json_option
@click.option("--limit", type=click.IntRange(1, 2_000), default=60, show_default=True, metavar="N", help="Draw at most N boxes.")
def command(file: Path, reference: str, output: Path | None, dependents: bool, as_json: bool, limit: int) -> int:
    """Draw what a cell rests on, or what rests on it, as an SVG picture.

    Cells filled with one formula are one box, arrows lead from what is read to who reads it.

    \b
      sheetengine graph loan.xlsx Totals!B2 -o interest.svg
      sheetengine graph loan.xlsx Loan!B2 --dependents -o rate.svg
    """
    workbook = open_file(file)
    way: Way = "dependents" if dependents else "precedents"
    asked = place(workbook, reference)
    graph = dependency_map(asked, way, most=limit)
    found = health(workbook)
    picture = graph_picture(graph, f"{way} of {asked.address}")
    if as_json:
        titles = {box.key: box.title for box in graph.boxes}
        boxes = [
            {"cells": box.title, "says": box.lines, "kind": box.kind, "column": box.column, "reads_itself": box.loop} for box in graph.boxes
        ]
        edges = [[titles[one], titles[two]] for one, two in graph.edges]
        print_json({"direction": way, "boxes": boxes, "edges": edges, "left_out": graph.more} | found)
    elif output is None:
        click.echo(picture.svg)
    if output is not None:
        picture.save(output)
        click.echo(f"wrote {output}", err=True)
    return report_health(found)
