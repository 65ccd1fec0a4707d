"""Hypothesis strategies for workbooks: cells, references, formulas, edit scripts, and the laws to hold them to.

In: what a test wants to vary. Out: strategies of plain values (texts, `Step`s), and `Workbook`s built from them. Needs the extra
`testing`. Example: docs/testing.md.
"""

from sheetengine.errors import MissingDependency

try:
    import hypothesis as _hypothesis  # noqa: F401  # looked for here, so that what is missing is named with its extra
except ImportError as error:
    raise MissingDependency("sheetengine.testing needs hypothesis: pip install 'sheetengine[testing]'") from error

from sheetengine.testing.afresh import afresh, assert_computed, bits, contents
from sheetengine.testing.formulas import formulas
from sheetengine.testing.references import addresses, names, ranges, references
from sheetengine.testing.scripts import scripts, workbooks
from sheetengine.testing.steps import Step, apply
from sheetengine.testing.values import numbers, scalars, texts

__all__ = [
    "Step",
    "addresses",
    "afresh",
    "apply",
    "assert_computed",
    "bits",
    "contents",
    "formulas",
    "names",
    "numbers",
    "ranges",
    "references",
    "scalars",
    "scripts",
    "texts",
    "workbooks",
]
