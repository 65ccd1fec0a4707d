"""What a case is, and when our value is Excel's."""

from __future__ import annotations

import cmath
import math
import re
from dataclasses import dataclass
from typing import Final

from sheetengine.errors import FormulaSyntaxError
from sheetengine.syntax.nodes import Call
from sheetengine.syntax.parser import read
from sheetengine.syntax.walk import walk
from sheetengine.values import CellError

RELATIVE: Final = 1e-9
NO_FUNCTION: Final = "(operators)"


@dataclass(frozen=True, slots=True)
class Case:
    """One formula with the value it should have and the value we give it; a list of rows stands for an array."""

    id: str
    corpus: str
    formula: str
    functions: frozenset[str]
    expected: object
    ours: object
    passed: bool


def functions_of(formula: str) -> frozenset[str]:
    """The names of the functions that a formula calls, without the prefixes of files."""
    try:
        _, _, tree = read(formula)
    except FormulaSyntaxError:
        names = frozenset(re.findall(r"([A-Z][A-Z0-9.]*)\(", formula.upper()))
    else:
        names = frozenset(node.name for node in walk(tree) if isinstance(node, Call))
    return names or frozenset((NO_FUNCTION,))


def agrees(expected: object, ours: object, tolerance: float = 0.0, compare: str = "") -> bool:
    """Whether our value is the expected one: numbers to a relative 1e-9 or within the case's own tolerance, the rest exactly.

    >>> agrees(1.0, 1.0 + 1e-10), agrees(1.0, "1"), agrees(1.0, "1", compare="loose"), agrees([[1.0]], 1.0)
    (True, False, True, True)
    >>> agrees("3+4i", "3.0000000001+4i", compare="complex"), agrees(CellError("#N/A"), CellError("#REF!"))
    (True, False)
    """
    if isinstance(expected, list) or isinstance(ours, list):
        return _arrays_agree(expected, ours, tolerance, compare)
    if expected is None:
        return ours is None or ours == "" or (type(ours) is float and ours == 0.0)
    if isinstance(expected, bool) or isinstance(ours, bool):
        return expected is ours or (compare == "loose" and str(expected).upper() == str(ours).upper())
    if isinstance(expected, int | float):
        if compare == "loose" and isinstance(ours, str):
            ours = _number(ours)
        return type(ours) is float and near(float(expected), ours, tolerance)
    if isinstance(expected, CellError) or isinstance(ours, CellError):
        return expected == ours
    if compare == "complex":
        one, two = _complex(str(expected)), _complex(str(ours))
        return one is not None and two is not None and abs(one - two) <= max(tolerance, RELATIVE * max(abs(one), abs(two)))
    if compare == "loose":
        if ours is None:
            return expected == ""
        number = _number(str(expected))
        return str(ours) == expected or (number is not None and type(ours) is float and near(number, ours, tolerance))
    return ours == expected or (expected == "" and ours is None)


def near(expected: float, ours: float, tolerance: float) -> bool:
    """Whether two numbers are one number, to a relative 1e-9 or an absolute tolerance."""
    difference = abs(expected - ours)
    return difference <= RELATIVE * max(abs(expected), abs(ours)) or difference <= tolerance


def _arrays_agree(expected: object, ours: object, tolerance: float, compare: str) -> bool:
    one = expected if isinstance(expected, list) else [[expected]]
    two = ours if isinstance(ours, list) else [[ours]]
    return len(one) == len(two) and all(
        len(left) == len(right) and all(agrees(a, b, tolerance, compare) for a, b in zip(left, right, strict=True))
        for left, right in zip(one, two, strict=True)
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _complex(text: str) -> complex | None:
    text = re.sub(r"(^|[+-])[ij]$", r"\g<1>1j", text.strip())
    try:
        number = complex(re.sub(r"[ij]$", "j", text))
    except ValueError:
        return None
    return number if cmath.isfinite(number) else None


def shown(value: object) -> str:
    """A value as the list of failures has it, on one line."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r") + '"'
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, list):
        return "{" + ";".join(",".join(shown(item) for item in row) for row in value) + "}"
    return "(blank)" if value is None else f"{value:.15g}" if isinstance(value, int | float) else str(value)
