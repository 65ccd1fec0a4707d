"""The exceptions a caller can catch.

    SheetEngineError
    ├── FormulaSyntaxError      a formula's text does not parse; carries line, column and what was expected
    ├── UnknownReference        a sheet, name or address the caller gave does not exist or lies off the grid
    ├── ValueRefused            a Python value that no cell can hold (NaN, a list, a file…)
    ├── FileFormatError         a file that is not a workbook, or one we cannot read; names the file and the part
    ├── MissingDependency       an optional library is not installed; names the extra that brings it
    ├── EditRefused             an edit that Excel refuses too (part of an array formula, a user function that edits)
    ├── UserFunctionError       a user function raised and the workbook was told to raise instead of #VALUE!
    ├── RecalculationInterrupted  a round ran out of time or was cancelled; what is dirty stays dirty
    └── EvaluationBug           an unexpected Python exception inside evaluation: ours to mend; names cell and formula

    CircularReferenceWarning    (a UserWarning) one per round that met a circle
    StaleValueWarning           (a UserWarning) a file was saved with cells that could not be computed

An `EvaluationBug` and a `UserFunctionError` concern one cell: the round that met it raises it when all that does not depend on the cell
is computed; after that, reading the cell or what depends on it raises it again, and nothing else does.

What Excel itself shows in a cell (#DIV/0!, #N/A…) is not an exception: it is a value,
`sheetengine.CellError`.
"""

from __future__ import annotations

__all__ = [
    "CircularReferenceWarning",
    "EditRefused",
    "EvaluationBug",
    "FileFormatError",
    "FormulaSyntaxError",
    "MissingDependency",
    "RecalculationInterrupted",
    "SheetEngineError",
    "StaleValueWarning",
    "UnknownReference",
    "UserFunctionError",
    "ValueRefused",
]


class SheetEngineError(Exception):
    """Anything this library raises on purpose."""


class FormulaSyntaxError(SheetEngineError, ValueError):
    """A formula's text does not parse.

    `text` is the whole formula, `position` the 0-based offset of the first character that does not fit
    (`end` one past the last), `line` and `column` are 1-based, `expected` says what could have stood there.
    """

    def __init__(self, message: str, text: str = "", position: int = 0, end: int | None = None, expected: tuple[str, ...] = ()) -> None:
        self.message = message
        self.text = text
        self.position = min(max(position, 0), len(text))
        self.end = max(self.position, min(end, len(text))) if end is not None else min(self.position + 1, len(text))
        self.expected = expected
        before = text[: self.position]
        self.line = before.count("\n") + 1
        self.column = self.position - (before.rfind("\n") + 1) + 1
        super().__init__(message)

    def __str__(self) -> str:
        lines = self.text.split("\n")
        shown = lines[self.line - 1] if self.line <= len(lines) else ""
        start = max(0, self.column - 60)
        caret = " " * (self.column - 1 - start) + "^"
        wanted = f"\nexpected: {', '.join(self.expected)}" if self.expected else ""
        return f"{self.message} (line {self.line}, column {self.column})\n  {shown[start : start + 100]}\n  {caret}{wanted}"

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.message, self.text, self.position, self.end, self.expected))


class UnknownReference(SheetEngineError, KeyError):
    """A sheet, name, table or address that the caller gave does not exist or lies off the grid.

    A `KeyError`, so that names and tables are mappings like any other.
    """

    # A KeyError shows its message in quotes.
    __str__ = Exception.__str__


class ValueRefused(SheetEngineError, TypeError, ValueError):
    """A Python value that no cell can hold."""


class FileFormatError(SheetEngineError, ValueError):
    """A file that is not a workbook, or one that cannot be read; the message names the file and the part."""


class MissingDependency(SheetEngineError, ImportError):
    """An optional library is not installed; the message names the extra that brings it."""


class EditRefused(SheetEngineError):
    """An edit that Excel refuses too, such as changing part of an array formula."""


class UserFunctionError(SheetEngineError):
    """A user function raised, and the workbook was told to raise instead of answering #VALUE!."""


class RecalculationInterrupted(SheetEngineError):
    """A round ran out of time or was cancelled; its cells stay dirty and the next read resumes."""


class EvaluationBug(SheetEngineError):
    """An unexpected Python exception inside evaluation: a bug of sheetengine; names the cell and its formula."""


class CircularReferenceWarning(UserWarning):
    """A round met cells that depend on themselves; `Workbook.circular` lists them."""


class StaleValueWarning(UserWarning):
    """A file was saved with the values that cells had before they could no longer be computed."""
