"""`sheetengine digits`: a network in plain formulas reads a handwritten digit while it is painted.

In: which test digit. Out: the picture, the output layer as bars, what each edit recomputed and how long it took, the check against
the same network in numpy. Invariants: it needs nothing but the installed package; the times are those of the edit and of reading the
eleven cells that answer it, never of drawing.
"""

from __future__ import annotations

import os
import random as chance
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import numpy as np
from numpy.typing import NDArray

import sheetengine
from sheetengine import digits_data
from sheetengine.address import Address
from sheetengine.cli.group import NOT_WELL, WELL
from sheetengine.cli.output import colours, json_option, print_json
from sheetengine.display.text import bars, beside, duration, picture

if TYPE_CHECKING:
    from sheetengine.workbook import Sheet, Workbook

PIXELS: Final = "A1:AB28"
HIDDEN: Final = "AD2:AD31"
OUTPUT: Final = "AE2:AE11"
PREDICTION: Final = "AF2"
CLOSE: Final = 1e-12
"""The formulas and numpy may differ in the order of their sums, no more."""

_FRAME_COLUMNS: Final = 72
_FRAME_LINES: Final = 17

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One pixel painted: what it recomputed, how long edit and reading took, what the network says now."""

    cell: str
    value: float
    recomputed: int
    seconds: float
    outputs: Floats
    prediction: int


@dataclass(frozen=True, slots=True)
class Check:
    """The painted sheet beside the same network in numpy."""

    cells: int
    difference: float
    prediction: int

    @property
    def well(self) -> bool:
        """Whether they agree."""
        return self.difference <= CLOSE


@click.command("digits")
@click.option("--index", type=click.IntRange(0, 999), default=0, show_default=True, help="Which of the 1,000 test digits.")
@click.option("--random", "any_digit", is_flag=True, help="One of them by chance.")
@click.option("--delay", type=click.FloatRange(0, 10), default=0.03, show_default=True, help="Seconds between strokes on a terminal.")
@click.option(
    "--plot", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write a picture of the network's layers and weights."
)
@json_option
def command(index: int, any_digit: bool, delay: float, plot: Path | None, as_json: bool) -> int:
    """Paint a test digit into a workbook whose formulas read it.

    The workbook is a neural network in plain formulas: 784 pixels, 30 hidden neurons, 10 outputs, trained on the MNIST digits. Each
    pixel painted is one edit of the sheet `Draw`; the engine recomputes what depends on it, the 41 cells of that network, and nothing
    else. The same workbook opens in Excel and LibreOffice.

    \b
      sheetengine digits --index 4
      sheetengine digits --random --delay 0
      sheetengine digits --json | jq .prediction
      sheetengine digits --index 4 --plot four.png
    """
    pictures, labels = digits_data.test_digits()
    if any_digit:
        index = chance.randrange(len(pictures))
    label = int(labels[index])
    began = time.perf_counter()
    workbook = sheetengine.open(digits_data.workbook_bytes())
    opened = time.perf_counter() - began
    sheet = workbook["Draw"]
    drawn = np.asarray(pictures[index] / 255, np.float64)
    strokes = []
    show = _Film(drawn, label, index) if not as_json and _has_room() else None
    for stroke in paint(workbook, sheet, drawn):
        strokes.append(stroke)
        if show is not None:
            show.frame(strokes)
            time.sleep(delay)
    check = compare(sheet, drawn)
    if plot is not None:
        from sheetengine.cli.digits_plot import write_plot  # noqa: PLC0415  # matplotlib loads where it is asked for

        write_plot(workbook, label, plot)
    if as_json:
        print_json(_summary(index, label, opened, strokes, check))
    else:
        if show is None:
            click.echo(_still(sheet[PIXELS].values, strokes[-1].outputs))
        click.echo(_report(index, label, opened, strokes, check))
    return WELL if check.well else NOT_WELL


def paint(workbook: Workbook, sheet: Sheet, drawn: Floats) -> Iterator[Stroke]:
    """Paint a picture's inked pixels one after the other, reading the answer after each."""
    outputs, prediction = sheet[OUTPUT], sheet[PREDICTION]
    for row, column in np.argwhere(drawn > 0).tolist():
        cell, value = str(Address(row, column)), float(drawn[row, column])
        with workbook.trace() as trace:
            began = time.perf_counter()
            sheet[cell] = value
            answer, digit = outputs.values, prediction.value
            seconds = time.perf_counter() - began
        yield Stroke(cell, value, len(trace.recomputed), seconds, answer.ravel(), int(digit))


def compare(sheet: Sheet, drawn: Floats) -> Check:
    """The sheet's hidden and output layer and its reading, beside numpy's."""
    hidden, output = digits_data.forward(drawn, digits_data.parameters())
    there = np.concatenate((hidden, output))
    here = np.concatenate((sheet[HIDDEN].values.ravel(), sheet[OUTPUT].values.ravel()))
    return Check(len(here), float(np.abs(here - there).max()), int(output.argmax()))


def _has_room() -> bool:
    """Whether stdout is a terminal that a frame fits on and can be drawn over."""
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return False
    columns, lines = shutil.get_terminal_size()
    return columns >= _FRAME_COLUMNS and lines > _FRAME_LINES


class _Film:
    """The picture as it is painted, drawn over itself on a terminal."""

    def __init__(self, drawn: Floats, label: int, index: int) -> None:
        self.paper = np.zeros_like(drawn)
        self.total = int((drawn > 0).sum())
        self.title = f"test digit {index}, labelled {label}"
        self.lines = 0

    def frame(self, strokes: list[Stroke]) -> None:
        stroke = strokes[-1]
        place = Address.parse(stroke.cell)
        self.paper[place.row, place.column] = stroke.value
        lines = [
            self.title,
            *_still(self.paper, stroke.outputs, shades=colours()).split("\n"),
            f"pixel {len(strokes)} of {self.total}: Draw!{stroke.cell} = {stroke.value:.3f}",
            f"{stroke.recomputed} cells recomputed in {duration(stroke.seconds)}",
        ]
        # Up over the last frame; each line is cleared to its end as it is written.
        up = f"\x1b[{self.lines}A" if self.lines else ""
        sys.stdout.write(up + "".join(f"{line}\x1b[K\n" for line in lines))
        sys.stdout.flush()
        self.lines = len(lines)


def _still(paper: Floats, outputs: Floats, *, shades: bool = False) -> str:
    best = int(outputs.argmax())
    shown = bars([str(digit) for digit in range(len(outputs))], outputs.tolist(), most=1.0)
    marked = "\n".join(f"{line}  ◀" if digit == best else line for digit, line in enumerate(shown.split("\n")))
    drawing = picture(paper, shades=shades)
    # Blank pixels at the right end are trimmed from lines of half blocks: the bars keep their place beside them.
    first, *rest = drawing.split("\n")
    return beside("\n".join([first.ljust(paper.shape[1]) if not shades else first, *rest]), "\n\n" + marked)


def _report(index: int, label: int, opened: float, strokes: list[Stroke], check: Check) -> str:
    counts = sorted({stroke.recomputed for stroke in strokes})
    median = statistics.median(stroke.seconds for stroke in strokes)
    reading = strokes[-1].prediction
    verdict = "right" if reading == label else f"wrong: it is a {label}"
    agreement = "equal to numpy" if check.well else "NOT equal to numpy"
    return "\n".join(
        [
            f"test digit {index}: the workbook reads {reading}, which is {verdict}",
            f"{len(strokes)} pixels painted, {' or '.join(map(str, counts))} cells recomputed for each, {duration(median)} an edit (median); "
            f"workbook opened in {duration(opened)}",
            f"{agreement}: {check.cells} neurons differ by at most {check.difference:.1e}",
        ]
    )


def _summary(index: int, label: int, opened: float, strokes: list[Stroke], check: Check) -> dict[str, Any]:
    return {
        "index": index,
        "label": label,
        "prediction": strokes[-1].prediction,
        "right": strokes[-1].prediction == label,
        "outputs": strokes[-1].outputs.tolist(),
        "pixels": len(strokes),
        "recomputed": sorted({stroke.recomputed for stroke in strokes}),
        "seconds": {
            "open": opened,
            "edit_median": statistics.median(stroke.seconds for stroke in strokes),
            "edit_longest": max(stroke.seconds for stroke in strokes),
        },
        "numpy": {"prediction": check.prediction, "cells": check.cells, "difference": check.difference, "equal": check.well},
        "strokes": [{"cell": s.cell, "value": s.value, "recomputed": s.recomputed, "prediction": s.prediction} for s in strokes],
    }
