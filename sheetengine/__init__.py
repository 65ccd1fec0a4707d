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

from sheetengine.errors import (
    CircularReferenceWarning,
    EditRefused,
    EvaluationBug,
    FileFormatError,
    FormulaSyntaxError,
    MissingDependency,
    RecalculationInterrupted,
    SheetEngineError,
    UnknownReference,
    UserFunctionError,
    ValueRefused,
)
from sheetengine.trace import Trace
from sheetengine.values import CellError
from sheetengine.workbook import Range, Sheet, Workbook, open_workbook

open = open_workbook  # noqa: A001  # `sheetengine.open`, as in the public face

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
    "Trace",
    "UnknownReference",
    "UserFunctionError",
    "ValueRefused",
    "Workbook",
    "__version__",
    "open",
]
