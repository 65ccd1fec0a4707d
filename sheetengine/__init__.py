"""A spreadsheet engine a program can call: Excel formulas over numpy, recalculated as Excel does.

>>> import sheetengine
>>> wb = sheetengine.Workbook()
>>> ws = wb["Sheet1"]
>>> ws["A1:A3"] = [[1], [2], [3]]
>>> ws["B1:B3"] = "=A1*2"
>>> ws["B4"] = "=SUM(B1:B3)"
>>> with wb.trace() as trace:
...     ws["A2"] = 20
>>> ws["B4"].value, list(trace.recomputed)
(48.0, ['Sheet1!B2', 'Sheet1!B4'])
"""

from importlib import import_module
from typing import TYPE_CHECKING

from sheetengine.errors import (
    CircularReferenceWarning,
    EditRefused,
    EvaluationBug,
    FileFormatError,
    FormulaSyntaxError,
    MissingDependency,
    RecalculationInterrupted,
    SheetEngineError,
    StaleValueWarning,
    UnknownReference,
    UserFunctionError,
    ValueRefused,
)

if TYPE_CHECKING:
    from sheetengine.tasks.checking import check_file
    from sheetengine.tasks.differing import diff_files
    from sheetengine.tasks.recalculation import recalculate_file
    from sheetengine.trace import Trace
    from sheetengine.values import CellError
    from sheetengine.workbook import Range, Sheet, Workbook, open_workbook as open  # noqa: A004  # as in the public face
else:
    # The engine loads at the first use of one of these: `sheetengine --help` then costs no numpy (docs/decisions/0030).
    _HOMES = {
        "CellError": ("sheetengine.values", "CellError"),
        "Range": ("sheetengine.workbook", "Range"),
        "Sheet": ("sheetengine.workbook", "Sheet"),
        "Trace": ("sheetengine.trace", "Trace"),
        "Workbook": ("sheetengine.workbook", "Workbook"),
        "check_file": ("sheetengine.tasks.checking", "check_file"),
        "diff_files": ("sheetengine.tasks.differing", "diff_files"),
        "open": ("sheetengine.workbook", "open_workbook"),
        "recalculate_file": ("sheetengine.tasks.recalculation", "recalculate_file"),
    }

    def __getattr__(name):
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module 'sheetengine' has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(home[0]), home[1])
        return found

    def __dir__():
        return sorted({*globals(), *__all__})


__version__ = "0.1.0"

__all__ = [
    "CellError",
    "CircularReferenceWarning",
    "EditRefused",
    "EvaluationBug",
    "FileFormatError",
    "FormulaSyntaxError",
    "MissingDependency",
    "Range",
    "RecalculationInterrupted",
    "Sheet",
    "SheetEngineError",
    "StaleValueWarning",
    "Trace",
    "UnknownReference",
    "UserFunctionError",
    "ValueRefused",
    "Workbook",
    "__version__",
    "check_file",
    "diff_files",
    "open",
    "recalculate_file",
]
