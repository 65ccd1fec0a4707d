"""How the functions of one or two numbers are declared: one kernel for a number and for a plane of them.

In: a numpy kernel and the conditions under which Excel answers an error instead. Out: entries of the catalogue whose scalar and
vector forms run the same ufuncs, so that they agree to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from sheetengine.functions.library import Body, function
from sheetengine.functions.signature import Number
from sheetengine.grid import Grid, Numbers
from sheetengine.values import CellError, Scalar, error_id

CATEGORY: Final = "math and trigonometry"
SOURCE: Final = "Microsoft Support: {} function"

Condition = Callable[[Any], Any]
Kernel = Callable[[Any], Any]


def of_one_number(
    name: str,
    kernel: Kernel,
    summary: str,
    examples: Mapping[str, Scalar | list[list[Scalar]]],
    wrong: Sequence[tuple[Condition, CellError]] = (),
    future: str = "",
) -> None:
    """Declare a function of one number; `wrong` are the conditions that answer an error, the first that holds wins."""

    def body(number: Number) -> Scalar:
        for condition, error in wrong:
            if condition(number):
                return error
        with np.errstate(all="ignore"):
            return float(kernel(np.float64(number)))

    def vector(numbers: Any) -> Any:
        if not wrong:
            return kernel(np.asarray(numbers, dtype=np.float64))
        return with_errors(kernel(np.asarray(numbers, dtype=np.float64)), [(condition(numbers), error) for condition, error in wrong])

    function(name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name), vector=vector, future=future)(body)


def with_errors(numbers: Numbers, wrong: Sequence[tuple[Any, CellError]]) -> Grid:
    """Numbers with errors where a mask says so, the first mask that holds wins."""
    errors: Any = None
    for mask, error in wrong:
        if np.any(mask):
            if errors is None:
                errors = np.full(np.shape(numbers), -1, np.int64)
            errors = np.where((errors < 0) & mask, error_id(error), errors)
    return Grid.from_numbers_and_errors(numbers, errors)


def toolpak(
    name: str, summary: str, examples: Mapping[str, Scalar | list[list[Scalar]]], vector: Callable[..., object] | None = None
) -> Callable[[Body], Body]:
    """Declare a function that came with the Analysis ToolPak, whose arguments Excel still takes in another way (`functions.toolpak`)."""
    return function(name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name), vector=vector, toolpak=True)


__all__ = ["CATEGORY", "SOURCE", "of_one_number", "toolpak", "with_errors"]
