"""Criteria as SUMIF, COUNTIFS, MAXIFS and the database functions have them, and wildcards as they share them with
MATCH, VLOOKUP, XLOOKUP and SEARCH.

In: a scalar that says what to look for. Out: a `Criterion`, parsed once, that tests one scalar or a whole `Grid`.
Invariant: `Criterion.plane` gives in each element what `Criterion.matches` gives.

The rules (semantics.md; Microsoft's COUNTIF page and its note on wildcard characters):

- no operator, or `=`: equal; `<>`: the opposite, for cells of every kind; `<`, `<=`, `>`, `>=`: cells of the operand's own kind
- an operand that reads as a number, a boolean or an error value is one; a number also finds the texts that read as it, but "<>" and
  a number leaves out number cells alone (a book saved by Excel: COUNTIF)
- an ordering without an operand, ">" and "", finds nothing (the same book)
- numbers are compared as exact doubles; what was joined to an operator (">"&A1) has been through 15-digit text already
- "" finds blank cells and empty texts, "=" blank cells alone, "<>" all others; a blank criterion is 0
- `*`, `?` and `~` are wildcards after `=` and `<>`, match texts alone and the whole text, without regard to case
"""

from __future__ import annotations

import operator as python_operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.collation import fold_case, order_key
from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT, Grid
from sheetengine.number_text import parse_number
from sheetengine.values import ERROR_CODES, CellError, Scalar, error_from_id

Mask = NDArray[np.bool_]

LONGEST_CRITERION: Final = 255
"""A longer text cannot be a criterion: #VALUE! (Microsoft's COUNTIF page, "Wrong value returned for long strings")."""

_OPERATORS: Final = ("<>", "<=", ">=", "<", ">", "=")
_ORDER: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<": python_operator.lt,
    "<=": python_operator.le,
    ">": python_operator.gt,
    ">=": python_operator.ge,
}

# -- wildcards ---------------------------------------------------------------------------------------------------------


def wildcard_pattern(text: str) -> re.Pattern[str] | None:
    """The compiled form of a text with wildcards, None where it has none and is compared as it is.

    `*` is any run of characters, `?` any one, `~` takes the next character literally. Use `fullmatch` for whole texts, `search`
    for SEARCH; case does not count. The pattern never backtracks over more than its last run.

    >>> bool(wildcard_pattern("a*~?").fullmatch("Apple?")), wildcard_pattern("apple")
    (True, None)
    """
    return _compiled(text) if "*" in text or "?" in text or "~" in text else None


@lru_cache(maxsize=4096)
def _compiled(text: str) -> re.Pattern[str]:
    segments: list[str] = [""]
    index = 0
    while index < len(text):
        character = text[index]
        if character == "~" and index + 1 < len(text):
            index += 1
            segments[-1] += re.escape(text[index])
        elif character == "*":
            if segments[-1] or len(segments) == 1:
                segments.append("")
        elif character == "?":
            segments[-1] += "."
        else:
            segments[-1] += re.escape(character)
        index += 1
    # As in the standard library's fnmatch: each run but the last takes the first place where the next piece fits, for good.
    if len(segments) == 1:
        body = segments[0]
    else:
        body = segments[0] + "".join(f"(?>.*?{segment})" for segment in segments[1:-1]) + f".*{segments[-1]}"
    return re.compile(body, re.IGNORECASE | re.DOTALL)


# -- criteria ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 16)
def number_of_text(text: str, date1904: bool = False) -> float | None:
    """The number that a text reads as, or None."""
    return parse_number(text, date1904) if any(map(str.isdigit, text)) else None


@dataclass(frozen=True, slots=True)
class Criterion:
    """What to look for: an operator and an operand.

    The operand is a number, a text folded to one case, a boolean, an error, or None for a blank; `pattern` is there where a text
    operand has wildcards. `=` with "" finds blanks and empty texts, `=` with None blanks alone.
    """

    operator: str
    operand: Scalar
    pattern: re.Pattern[str] | None = None
    date1904: bool = False

    def matches(self, value: Scalar) -> bool:
        """Whether one scalar is found."""
        order = _ORDER.get(self.operator)
        operand = self.operand
        if order is None:
            if self.operator == "<>" and type(operand) is float and isinstance(value, str):
                return True
            return self._equals(value) == (self.operator == "=")
        if isinstance(value, bool) or isinstance(operand, bool):
            return isinstance(value, bool) and isinstance(operand, bool) and bool(order(value, operand))
        if isinstance(value, str):
            return isinstance(operand, str) and operand != "" and bool(order(order_key(value), order_key(operand)))
        if isinstance(value, CellError):
            return value == operand and "=" in self.operator
        return value is not None and isinstance(operand, float) and bool(order(value, operand))

    @property
    def matches_blank(self) -> bool:
        """Whether blank cells are found: those outside a sheet's used cells then count too."""
        return self.matches(None)

    def _equals(self, value: Scalar) -> bool:
        operand = self.operand
        if isinstance(value, str):
            return self._equals_text(value)
        if value is None:
            return operand is None or operand == ""
        if isinstance(value, bool) or isinstance(operand, bool):
            return value is operand
        return operand is not None and value == operand

    def _equals_text(self, text: str) -> bool:
        operand = self.operand
        if self.pattern is not None:
            return self.pattern.fullmatch(text) is not None
        if isinstance(operand, str):
            return fold_case(text) == operand
        # "1" in a cell is found by 1 and by "1" ("00123" too), the known trap of COUNTIF with long digit strings.
        return type(operand) is float and number_of_text(text, self.date1904) == operand

    def plane(self, grid: Grid) -> Mask:
        """Whether each element of a grid is found; the mask has the grid's shape."""
        kinds = grid.kinds
        operand = self.operand
        order = _ORDER.get(self.operator)
        test = python_operator.eq if order is None else order
        mask: Mask
        if kinds is None:
            if type(operand) is float:
                mask = test(grid.numbers, operand)
            else:
                mask = np.zeros(grid.shape, bool)
        elif type(operand) is float:
            mask = (kinds == NUMBER) & test(grid.numbers, operand)
        elif isinstance(operand, bool):
            mask = (kinds == BOOLEAN) & test(grid.numbers, float(operand))
        elif isinstance(operand, CellError):
            mask = kinds == ERROR
            if mask.any():
                mask[mask] = [error_from_id(int(number)) == operand for number in grid.numbers[mask].tolist()]
                if order is not None and "=" not in self.operator:
                    mask = np.zeros(grid.shape, bool)
        elif order is None and not operand and self.pattern is None:
            mask = kinds == BLANK
        else:
            mask = np.zeros(grid.shape, bool)
        asks_texts = isinstance(operand, str) and operand != "" if order is not None else operand is not None
        if self.operator == "<>" and type(operand) is float:
            asks_texts = False
        if asks_texts and grid.texts is not None and kinds is not None:
            places = kinds == TEXT
            mask[places] = self.of_texts(grid.texts[places].tolist())
        return ~mask if self.operator == "<>" else mask

    def of_texts(self, texts: list[str]) -> list[bool]:
        """Whether each text is found, `<>` read as `=`; every distinct text is looked at once."""
        order = _ORDER.get(self.operator)
        operand = self.operand
        known: dict[str, bool]
        if order is not None:
            limit = order_key(str(operand))
            known = {text: bool(order(order_key(text), limit)) for text in set(texts)}
        elif self.pattern is None and isinstance(operand, str):
            known = {text: fold_case(text) == operand for text in set(texts)}
        else:
            known = {text: self._equals_text(text) for text in set(texts)}
        return [known[text] for text in texts]


def parse_criterion(value: Scalar, date1904: bool = False) -> Criterion | CellError:
    """What a criterion argument means; #VALUE! where it is a text longer than 255 characters.

    >>> parse_criterion(">=5").operator, parse_criterion(">=5").operand, parse_criterion("a?c").matches("ABC")
    ('>=', 5.0, True)
    """
    if value is None:
        return Criterion("=", 0.0, date1904=date1904)
    if not isinstance(value, str):
        return Criterion("=", value, date1904=date1904)
    if len(value) > LONGEST_CRITERION:
        return CellError("#VALUE!", "a criterion of more than 255 characters")
    return _parsed(value, date1904)


@lru_cache(maxsize=1 << 14)
def _parsed(text: str, date1904: bool) -> Criterion:
    operator = next((sign for sign in _OPERATORS if text.startswith(sign)), "")
    operand = text[len(operator) :]
    equality = operator in ("", "=", "<>")
    if not operand:
        return Criterion(operator or "=", None if operator in ("=", "<>") else "", date1904=date1904)
    number = number_of_text(operand, date1904)
    if number is not None:
        return Criterion(operator or "=", number, date1904=date1904)
    word = operand.upper()
    if word in ("TRUE", "FALSE"):
        return Criterion(operator or "=", word == "TRUE", date1904=date1904)
    if word in ERROR_CODES:
        return Criterion(operator or "=", CellError(word), date1904=date1904)
    return Criterion(operator or "=", fold_case(operand), wildcard_pattern(operand) if equality else None, date1904)
