"""How many test digits the workbook reads, as computed by its formulas.

In: the built workbook, the IDX files. Out: the share of the digits it reads right, and how far its neurons are from numpy's.
Invariant: every digit goes into `Draw` and comes out of its formulas; numpy only judges.

    python -m workbooks.accuracy            # all 10,000 test digits
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import sheetengine
from sheetengine.digits_data import forward, parameters
from workbooks import mnist

HIDDEN, OUTPUT, PREDICTION, PIXELS = "AD2:AD31", "AE2:AE11", "AF2", "A1:AB28"


@dataclass(frozen=True, slots=True)
class Count:
    """What came of some digits."""

    digits: int
    right: int
    difference: float
    """The largest distance of a neuron from the same network in numpy."""


def count(workbook: sheetengine.Workbook, pictures: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Count:
    """Draw each picture, read the prediction."""
    layers = parameters()
    draw = workbook["Draw"]
    pixels, hidden, output, prediction = draw[PIXELS], draw[HIDDEN], draw[OUTPUT], draw[PREDICTION]
    right, difference = 0, 0.0
    for picture, label in zip(pictures, labels.tolist(), strict=True):
        pixels.value = picture / 255
        right += prediction.value == label
        expected = np.concatenate(forward(picture / 255, layers))
        found = np.concatenate((hidden.values, output.values)).ravel()
        difference = max(difference, float(np.abs(found - expected).max()))
    return Count(len(labels), right, difference)


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description="Count the test digits that the workbook reads.")
    parser.add_argument("--data", type=Path, default=mnist.DATA, help="folder of the IDX files (default: %(default)s)")
    parser.add_argument("--workbook", type=Path, default=mnist.PROJECT / "workbooks" / "digits.xlsx", help="default: %(default)s")
    arguments = parser.parse_args()
    digits = mnist.read(arguments.data, "t10k")
    started = time.perf_counter()
    found = count(sheetengine.open(arguments.workbook), *digits)
    seconds = time.perf_counter() - started
    sys.stdout.write(
        f"{found.right:,} of {found.digits:,} test digits right ({found.right / found.digits:.2%}) by the workbook's formulas, "
        f"in {seconds:.1f} s; neurons within {found.difference:.1e} of numpy\n"
    )


if __name__ == "__main__":
    main()
