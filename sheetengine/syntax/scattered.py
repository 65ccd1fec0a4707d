"""Formulas of a sheet that are all different: lifted many at once.

In: texts at cells, none of them a fill of the one above. Out: groups of those that are the same but for the cells they read, with the
places of these as arrays; what is not that simple is handed back. Only plain relative cells of the formula's own sheet are taken
(`A1`, not `$A$1`, `A1:B2` or `Sheet2!A1`): one regular expression replaces them in all texts, and the first text of each group is
lifted by `shape.lift`, which must find the same cells. A formula takes 3 us this way and 50 by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, column_index
from sheetengine.errors import FormulaSyntaxError
from sheetengine.syntax.operands import AnyOperand, Constant, Corner, Reference
from sheetengine.syntax.parser import read
from sheetengine.syntax.shape import Shape

_ODD = re.compile(r"[\"'$:!#@\[\]{}\\\x00-\x1f]|_xl")
# That nothing stands before the first letter is asked behind it: a pattern that begins with letters is searched faster.
_CELL = re.compile(r"([A-Z](?<![\w.][A-Z])[A-Z]{0,2})([1-9][0-9]{0,6})(?![\w.(])")
_MARK = "\x01"
_LEAST = 8
_FILLS = 3
"""Formulas that are the same as seen from their cells from which on they are fills, and go to the fills."""

Indices = NDArray[np.int64]


class Scattered(NamedTuple):
    """Formulas that are one but for the cells they read: operands of the first, and for each operand that is a cell all members' cells."""

    shape: Shape
    operands: tuple[AnyOperand, ...]
    mode: str
    rows: Indices
    columns: Indices
    cells: dict[int, tuple[Indices, Indices]]


TextAt = tuple[int, int, str]
"""Column, row, text."""
Stretch = tuple[int, int, Sequence[str]]
"""Column, first row, and the texts from there down."""


def are_simple(texts: Sequence[str]) -> bool:
    """Whether texts may be taken here, all of them."""
    return _ODD.search("".join(texts)) is None


def scatter(stretches: Sequence[Stretch], mode: str) -> tuple[list[Scattered], list[TextAt]]:
    """The groups, and the texts that are in none of them; every text must be simple.

    >>> groups, rest = scatter([(3, 0, [f"A{row * 7 + 1}*2+B{row + 3}" for row in range(9)])], "legacy")
    >>> groups[0].shape, groups[0].cells[0][0].tolist(), rest
    (Shape('·*·+·'), [0, 7, 14, 21, 28, 35, 42, 49, 56], [])
    """
    texts = [text for _, _, own in stretches for text in own]
    lengths = [len(own) for _, _, own in stretches]
    all_columns = np.repeat(np.array([column for column, _, _ in stretches], np.int64), lengths)
    all_rows = np.concatenate([np.arange(first, first + len(own)) for _, first, own in stretches])
    parts = _CELL.split("\n".join(texts))
    masked = _MARK.join(parts[::3]).split("\n")
    letters, digits = parts[1::3], parts[2::3]
    named = {name: column_index(name) for name in set(letters)}
    places = np.empty((len(digits), 2), np.int64)
    places[:, 0] = np.fromiter(map(int, digits), np.int64, len(digits)) - 1
    places[:, 1] = np.fromiter(map(named.__getitem__, letters), np.int64, len(letters))
    counts = np.array([text.count(_MARK) for text in masked], np.int64)
    starts = np.cumsum(counts) - counts
    by_text: dict[str, list[int]] = {}
    for index, text in enumerate(masked):
        by_text.setdefault(text, []).append(index)
    groups: list[Scattered] = []
    rest: list[int] = []
    for members in by_text.values():
        chosen = np.array(members, np.int64)
        cells = places[starts[chosen][:, None] + np.arange(int(counts[members[0]]))]
        on_grid = ((cells[:, :, 0] < MAX_ROWS) & (cells[:, :, 1] < MAX_COLUMNS)).all(axis=1)
        first = int(chosen[on_grid][0]) if len(members) >= _LEAST and on_grid.any() else -1
        lifted = None if first < 0 else _lifted(texts[first], cells[on_grid][0])
        if lifted is None:
            rest += members
            continue
        rest += chosen[~on_grid].tolist()
        chosen, cells = chosen[on_grid], cells[on_grid]
        rows, columns = all_rows[chosen], all_columns[chosen]
        alone = _alone(cells - np.stack((rows, columns), axis=1)[:, None, :])
        rest += chosen[~alone].tolist()
        chosen, cells, rows, columns = chosen[alone], cells[alone], rows[alone], columns[alone]
        if len(chosen) < _LEAST:
            rest += chosen.tolist()
            continue
        shape, operands, slots = lifted
        groups.append(
            Scattered(
                shape, operands, mode, rows, columns, {slot: (cells[:, place, 0], cells[:, place, 1]) for place, slot in enumerate(slots)}
            )
        )
    return groups, [(int(all_columns[index]), int(all_rows[index]), texts[index]) for index in sorted(rest)]


def _alone(distances: Indices) -> NDArray[np.bool_]:
    """Which formulas are not fills of others: months across columns differ down every column, and are the same along every row."""
    flat = distances.reshape(len(distances), -1)
    alike = np.arange(len(flat))
    if flat.shape[1]:
        # Rows are sorted as wholes, which takes ten times as long, only where their first cell does not tell them apart.
        _, which, counts = np.unique(flat[:, 0] * (2 * MAX_COLUMNS) + flat[:, 1], return_inverse=True, return_counts=True)
        alike = np.flatnonzero(counts[which] >= _FILLS)
    _, which, counts = np.unique(flat[alike], axis=0, return_inverse=True, return_counts=True)
    alone = np.ones(len(flat), bool)
    alone[alike] = counts[which.reshape(-1)] < _FILLS
    return alone


def _lifted(text: str, cells: Indices) -> tuple[Shape, tuple[AnyOperand, ...], list[int]] | None:
    """Shape, operands, and which of these are the cells that were found; None where the lexer sees it otherwise."""
    try:
        shape, operands, _ = read("=" + text)
    except FormulaSyntaxError:
        return None  # read once more by itself, which says why
    slots = [index for index, operand in enumerate(operands) if type(operand) is not Constant]
    wanted = [Reference(Corner(int(row), int(column))) for row, column in cells]
    return (shape, operands, slots) if [operands[index] for index in slots] == wanted else None
