"""Tables of cases: a formula, the value Excel has for it, and where that is written.

A table is a text file `tests/functions/cases/NAME.tsv` of three columns, divided by tabs:

    formula     begins with "="; or an address or range that the second column's literal fills, for the cases up to the next empty line
    expected    as Excel would type it: 1.5, "text", TRUE, #N/A, {1,2;3,4} (the whole array); 1.5 holds to a relative 1e-9,
                ~1.50 to half of its last digit (a page that shows a rounded number); BLANK is an empty cell
    source      Microsoft's page, the book saved by Excel and its cell, a closed form

Lines that begin with "#" are remarks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from sheetengine import Workbook
from sheetengine.address import Range
from sheetengine.values import CellError, Scalar

TABLES = Path(__file__).parent / "cases"
_TOKEN = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,;{}"\s][^,;{}"]*))\s*([,;]|$)')
_ROW, _COLUMN = 100, 27


@dataclass(frozen=True)
class About:
    """A number written with so many digits."""

    value: float
    half_of_last: float

    def __repr__(self) -> str:
        return f"~{self.value}"


Expected = Scalar | About | list[list["Scalar | About"]]


@dataclass
class Case:
    """One line of a table, with the cells that stand around it."""

    formula: str
    expected: Expected
    source: str
    place: str
    cells: list[tuple[str, Expected]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.place} {self.formula}"


def literal(text: str) -> Expected:
    """What a literal of a table means.

    >>> literal('{1,"a";TRUE,#N/A}')
    [[1.0, 'a'], [True, CellError(code='#N/A', message='', origin=None)]]
    """
    if not text.startswith("{"):
        return _scalar(text)
    rows: list[list[Scalar | About]] = [[]]
    inner, position = text[1:-1], 0
    while position < len(inner):
        found = _TOKEN.match(inner, position)
        assert found, f"{text!r} is not an array: {inner[position:]!r}"
        quoted, plain, end = found.groups()
        rows[-1].append(quoted.replace('""', '"') if quoted is not None else _scalar(plain.strip()))
        if end == ";":
            rows.append([])
        position = found.end()
    return rows


def _scalar(text: str) -> Scalar | About:
    if text == "BLANK":
        return None
    if text.startswith('"'):
        return text[1:-1].replace('""', '"')
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    if text.startswith("#"):
        return CellError(text)
    if text.startswith("~"):
        mantissa, _, exponent = text[1:].lower().partition("e")
        digits = len(mantissa.partition(".")[2]) - int(exponent or 0)
        return About(float(text[1:]), 0.5000001 * 10.0**-digits)
    return float(text)


def load(name: str) -> list[Case]:
    """All cases of a table."""
    cases: list[Case] = []
    cells: list[tuple[str, Expected]] = []
    for number, line in enumerate((TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            cells = []
        elif not line.startswith("#"):
            formula, expected, source = line.split("\t")
            if formula.startswith("="):
                cases.append(Case(formula, literal(expected), source, f"{name}:{number}", cells))
            else:
                cells = [*cells, (formula, literal(expected))]
    return cases


def answer(case: Case) -> Scalar | list[list[Scalar]]:
    """The formula's value on a sheet that holds the case's cells; of an array as many rows and columns as expected, and one of each more."""
    sheet = Workbook()["Sheet1"]
    for address, value in case.cells:
        place = Range.parse(address)
        for down, line in enumerate(value if isinstance(value, list) else [[value]]):
            for right, one in enumerate(line):
                if one is not None:
                    sheet.cell(place.top + 1 + down, place.left + 1 + right).value = entry(one)
    sheet.cell(_ROW, _COLUMN).value = case.formula
    if not isinstance(case.expected, list):
        return sheet.cell(_ROW, _COLUMN).value
    height, width = len(case.expected), len(case.expected[0])
    return [[sheet.cell(_ROW + down, _COLUMN + right).value for right in range(width + 1)] for down in range(height + 1)]


def entry(value: Scalar | About) -> Scalar:
    """A value as an assignment takes it: an error, an empty text and a text that looks like a formula by a formula."""
    assert not isinstance(value, About), "cells hold exact numbers"
    if isinstance(value, CellError):
        return f"={value}"
    if isinstance(value, str) and (not value or value.startswith("=")):
        return f'="{value}"'
    return value


def check(case: Case) -> None:
    """Fail where the engine answers anything else."""
    found = answer(case)
    if isinstance(case.expected, list):
        assert isinstance(found, list)
        assert all(value is None for value in found[-1]) and all(line[-1] is None for line in found), (
            f"{case}: more than {case.expected}: {found}"
        )
        pairs = [(one, other) for line, wanted in zip(found, case.expected, strict=False) for one, other in zip(line, wanted, strict=False)]
        assert all(same(one, other) for one, other in pairs), f"{case}: {found}, not {case.expected} ({case.source})"
    else:
        assert same(found, case.expected), f"{case}: {found!r}, not {case.expected!r} ({case.source})"


def same(found: object, expected: Scalar | About) -> bool:
    if isinstance(expected, About):
        return type(found) is float and abs(found - expected.value) <= expected.half_of_last
    if type(expected) is float:
        return type(found) is float and abs(found - expected) <= 1e-9 * abs(expected)
    return type(found) is type(expected) and found == expected
