"""The order of values of all kinds, as Excel sorts them.

In: flat grids. Out: ranks that compare like the values, codes that are the same where the values are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sheetengine.collation import fold_case, order_key
from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT, Grid
from sheetengine.values import ERROR_CODES, error_from_id

Ranks = NDArray[np.int64]


def _text_places(grid: Grid) -> tuple[NDArray[np.bool_], list[str]]:
    assert grid.texts is not None
    places = grid.kind_plane() == TEXT
    return places, grid.texts[places].tolist()


def ranks_of(grid: Grid) -> tuple[Ranks, NDArray[np.bool_] | None]:
    """For each element of a flat grid a number that orders it, and where the blanks are (None: nowhere).

    Numbers come before texts, texts before FALSE, FALSE before TRUE, errors last, in the order of ERROR.TYPE (a book saved by Excel:
    SORT).
    """
    kinds = grid.kinds
    if kinds is None:
        return np.unique(grid.numbers, return_inverse=True)[1].reshape(-1), None
    ranks = np.zeros(grid.size, np.int64)
    least = 0
    numbers = kinds == NUMBER
    if numbers.any():
        values, inverse = np.unique(grid.numbers[numbers], return_inverse=True)
        ranks[numbers] = inverse.reshape(-1)
        least = len(values)
    if grid.texts is not None:
        places, texts = _text_places(grid)
        keys = {text: order_key(text) for text in set(texts)}
        order = {key: least + place for place, key in enumerate(sorted(set(keys.values())))}
        ranks[places] = [order[keys[text]] for text in texts]
        least += len(order)
    booleans = kinds == BOOLEAN
    ranks[booleans] = least + grid.numbers[booleans].astype(np.int64)
    errors = kinds == ERROR
    if errors.any():
        codes = [ERROR_CODES.index(error_from_id(int(number)).code) for number in grid.numbers[errors].tolist()]
        ranks[errors] = least + 2 + np.array(codes, np.int64)
    blanks = kinds == BLANK
    return ranks, blanks if blanks.any() else None


def sorted_places(keys: list[tuple[Grid, bool]]) -> Ranks:
    """The order of rows by their keys, each a flat grid and whether it descends; stable, blanks last either way.

    >>> sorted_places([(Grid.from_flat([2.0, None, 3.0], (3,)), True)]).tolist()
    [2, 0, 1]
    """
    if len(keys) == 1 and keys[0][0].kinds is None:
        grid, descending = keys[0]
        return np.argsort(-grid.numbers if descending else grid.numbers, kind="stable")
    columns = []
    for grid, descending in keys:
        ranks, blanks = ranks_of(grid)
        if descending:
            ranks = -ranks
        if blanks is not None:
            ranks = np.where(blanks, np.iinfo(np.int64).max, ranks)
        columns.append(ranks)
    return np.lexsort(columns[::-1])


def codes_of(grid: Grid) -> Ranks:
    """For each element of a flat grid a number, the same for elements that Excel takes for the same."""
    kinds = grid.kinds
    if kinds is None:
        return np.unique(grid.numbers, return_inverse=True)[1].reshape(-1)
    codes = np.zeros(grid.size, np.int64)
    least = 1
    numbers = kinds == NUMBER
    if numbers.any():
        values, inverse = np.unique(grid.numbers[numbers], return_inverse=True)
        codes[numbers] = least + inverse.reshape(-1)
        least += len(values)
    booleans = kinds == BOOLEAN
    codes[booleans] = least + grid.numbers[booleans].astype(np.int64)
    least += 2
    errors = kinds == ERROR
    if errors.any():
        known: dict[str, int] = {}
        names = [error_from_id(int(number)).code for number in grid.numbers[errors].tolist()]
        codes[errors] = [known.setdefault(name, least + len(known)) for name in names]
        least += len(known)
    if grid.texts is not None:
        places, texts = _text_places(grid)
        folded: dict[str, int] = {}
        codes[places] = [folded.setdefault(fold_case(text), least + len(folded)) for text in texts]
    return codes


def row_codes(grid: Grid) -> Ranks:
    """For each row of a two-dimensional grid a number, the same for rows whose elements are the same."""
    codes = codes_of(grid[:, 0])
    for column in range(1, grid.width):
        more = codes_of(grid[:, column])
        codes = np.unique(codes * (int(more.max(initial=0)) + 1) + more, return_inverse=True)[1].reshape(-1)
    return codes
