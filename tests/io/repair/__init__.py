"""What makes Excel offer to repair a workbook, as far as ECMA-376 and what Excel is known to refuse can say.

In: a package's bytes. Out: sentences, one for each fault; none for a package that Excel opens without a word. Independent of the
package's writers: parts are read by ElementTree, formulas alone by our parser.
"""

from __future__ import annotations

from tests.io.repair.book import book_problems
from tests.io.repair.parts import Parts, package_problems
from tests.io.repair.sheet import sheet_problems
from tests.io.repair.table import table_problems


def faults(data: bytes) -> bool:
    """Whether a package has any, or is damaged so that they cannot be counted."""
    try:
        return bool(problems(data))
    except Exception:  # a mutated package may break the reading of it anywhere
        return True


def problems(data: bytes) -> list[str]:
    """All faults of a package."""
    found: list[str] = []
    parts = Parts(data, found)
    if found:
        return found
    package_problems(parts, found)
    book = book_problems(parts, found)
    for sheet in book.sheets:
        if sheet.kind == "worksheet":
            formulas = sheet_problems(parts, book, sheet, found)
            book.formulas[sheet.number] = formulas
    table_problems(parts, book, found)
    book.chain_problems(parts, found)
    return found
