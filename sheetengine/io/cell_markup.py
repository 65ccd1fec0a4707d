"""Cells as XML text: numbers, texts, errors, and how each is escaped.

In: columns of kinds and payload. Out: for each cell the `t` attribute and the content of its `<v>`. Invariant: what is written reads
back as the same value, numbers to the bit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import column_name
from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT
from sheetengine.io.document import ArrayFormula, DataTable
from sheetengine.values import error_from_id

_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_IN_ATTRIBUTE: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
_OF_THE_FORMAT = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"))


def escape(text: str) -> str:
    """Text for XML; for formulas, in which only what XML cannot hold at all is escaped."""
    if _CONTROL.search(text):
        text = _CONTROL.sub(_escaped, text)
    return text.translate(_SPECIAL)


def escape_attribute(text: str) -> str:
    """Text for an attribute in double quotes."""
    return text.translate(_IN_ATTRIBUTE)


def escape_text(text: str) -> str:
    r"""A cell's text: control characters as Excel escapes them, then XML.

    >>> escape_text("a\rb <_x0041_>")
    'a_x000D_b &lt;_x005F_x0041_&gt;'
    """
    return escape_controls(text).translate(_SPECIAL)


def escape_controls(text: str) -> str:
    """Characters that XML cannot hold, as Excel escapes them."""
    return _NOT_XML.sub(_escaped, text) if _NOT_XML.search(text) else text


def _escaped(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"


def keeps_space(text: str) -> bool:
    """Whether the element of a text must say that its white space counts."""
    return text[:1].isspace() or text[-1:].isspace() or "\n" in text or "\t" in text


def number_texts(payload: NDArray[np.float64]) -> list[str]:
    """The shortest texts that read back as the same numbers; whole ones without a point.

    >>> number_texts(np.array([2.0, 0.1, 1e300, -3.5]))
    ['2', '0.1', '1e+300', '-3.5']
    """
    whole = (np.abs(payload) < 1e15) & (payload == np.floor(payload))
    if whole.all():
        return list(map(str, payload.astype(np.int64).tolist()))
    texts = list(map(repr, payload.tolist()))
    for place in np.flatnonzero(whole).tolist():
        texts[place] = texts[place][:-2]
    return texts


def error_text(payload: float) -> str:
    """An error as files spell it; those newer than the format are #VALUE! there, and `vm` says which (`rich_errors`)."""
    code = error_from_id(int(payload)).code
    return code if code in _OF_THE_FORMAT else "#VALUE!"


TYPES: Final = {BLANK: "", NUMBER: "", BOOLEAN: "b", TEXT: "str", ERROR: "e"}


def contents(kinds: NDArray[np.uint8], payload: NDArray[np.float64], texts: Sequence[str]) -> list[str]:
    """What stands in `<v>` for each cell, escaped; "" for a blank."""
    if len(kinds) and (kinds == NUMBER).all():
        return number_texts(payload)
    found = [""] * len(kinds)
    chosen = np.flatnonzero(kinds == NUMBER)
    for place, text in zip(chosen.tolist(), number_texts(payload[chosen]), strict=True):
        found[place] = text
    for place in np.flatnonzero(kinds == TEXT).tolist():
        found[place] = escape_text(texts[int(payload[place])])
    for place in np.flatnonzero(kinds == BOOLEAN).tolist():
        found[place] = "1" if payload[place] else "0"
    for place in np.flatnonzero(kinds == ERROR).tolist():
        found[place] = error_text(payload[place])
    return found


def value_element(kind: int, content: str, *, computed: bool, prefix: str = "") -> tuple[str, str]:
    """The `t` attribute and the element of a value: a constant text stands in the cell, a computed one in `<v>`."""
    if kind == BLANK:
        return "", ""
    space = ' xml:space="preserve"' if kind == TEXT and keeps_space(content) else ""
    if kind == TEXT and not computed:
        return "inlineStr", f"<{prefix}is><{prefix}t{space}>{content}</{prefix}t></{prefix}is>"
    return TYPES[kind], f"<{prefix}v{space}>{content}</{prefix}v>"


def formula_element(text: str, array: ArrayFormula | DataTable | None, prefix: str = "") -> str:
    """The element of a formula."""
    if isinstance(array, DataTable):
        inputs = "".join(
            f' r{place}="{cell}"' if cell else f' del{place}="1"'  # deleted with its row or column
            for place, cell in enumerate((array.first, array.second), start=1)
            if cell is not None
        )
        ways = ' dt2D="1"' * array.two_inputs + ' dtr="1"' * array.by_row
        return f'<{prefix}f t="dataTable" ref="{array.area}"{ways}{inputs}/>'
    space = ' xml:space="preserve"' if keeps_space(text) else ""
    kind = f' t="array" ref="{array.area}"' if array is not None else ""
    return f"<{prefix}f{kind}{space}>{escape(text)}</{prefix}f>"


def cell_element(
    row: int, column: int, style: int, kind: int, content: str, formula: str, metadata: int, *, computed: bool, prefix: str = "",
    rich: int = 0,
) -> str:  # fmt: skip
    """A whole new cell; `formula` is its element or ""."""
    name, value = value_element(kind, content, computed=computed or bool(formula), prefix=prefix)
    styled = f' s="{style}"' if style > 0 else ""
    typed = f' t="{name}"' if name else ""
    meta = (f' cm="{metadata}"' if metadata else "") + (f' vm="{rich}"' if rich else "")
    place = f'r="{column_name(column)}{row + 1}"'
    if not formula and not value:
        return f"<{prefix}c {place}{styled}/>"
    return f"<{prefix}c {place}{styled}{typed}{meta}>{formula}{value}</{prefix}c>"
