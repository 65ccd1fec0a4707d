"""Where a value stands in a row or column of cells: the kernels of MATCH, VLOOKUP, LOOKUP, XLOOKUP and XMATCH.

In: a `Line` (the cells) and a key. Out: a 0-based place, or -1. Invariant: the forms for many keys (`…_all`) give for each key
what the forms for one key give. Keys are numbers, texts, booleans or None for a blank; each is looked for among cells of its own
kind alone: numbers as exact doubles, texts without regard to case.

Excel's approximate search is a binary search that does not care whether the cells are sorted. Its steps matter there
(`LOOKUP(2,1/(…))` lives on them): a cell of another kind is passed toward the end, an exact hit ends the search and goes to the end
of the run of equal neighbours. Evidence: LOOKUP(2,1/(A1:A9<>"")) finds the last cell, LOOKUP(1,1/(…)) does not reliably.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.collation import fold_case, order_key
from sheetengine.functions.criteria import wildcard_pattern
from sheetengine.functions.lookup.line import Line, Ordered, Places
from sheetengine.grid import BLANK, BOOLEAN, NUMBER, TEXT, Grid
from sheetengine.values import CellError, Scalar

_FEW_KEYS: Final = 8


# -- one key ---------------------------------------------------------------------------------------------------------------


def kind_of_key(key: Scalar) -> int:
    """The kind of cells a key is looked for among."""
    return BLANK if key is None else BOOLEAN if isinstance(key, bool) else TEXT if isinstance(key, str) else NUMBER


def _operand(key: Scalar) -> Any:
    """A key as the ordered searches compare it; a blank is 0."""
    return order_key(key) if isinstance(key, str) else 0.0 if key is None else float(key)  # type: ignore[arg-type]


def _end(hits: NDArray[np.bool_], last: bool) -> int:
    """The first or last true place, or -1."""
    if last:
        place = len(hits) - 1 - int(np.argmax(hits[::-1])) if len(hits) else 0
    else:
        place = int(np.argmax(hits)) if len(hits) else 0
    return place if len(hits) and hits[place] else -1


def find_exact(line: Line, key: Scalar, last: bool = False) -> int:
    """The first (or last) cell equal to a key; a blank key finds a blank cell."""
    line = line if last else line.head
    kind = kind_of_key(key)
    grid = line.grid
    if kind == BLANK:
        if line.length > line.count and (last or grid.kinds is None or not (grid.kinds == BLANK).any()):
            return line.length - 1 if last else line.count
        return -1 if grid.kinds is None else _end(grid.kinds == BLANK, last)
    if isinstance(key, str):
        if grid.texts is None:
            return -1
        operand = fold_case(key)
        if line.kept:
            return line.known_texts(last).get(operand, -1)
        places = line.places_of(TEXT)
        texts = grid.texts[places].tolist()
        order = range(len(texts) - 1, -1, -1) if last else range(len(texts))
        wanted = len(operand)
        # Folding keeps the length of nearly all texts; the few others ("İ") are folded to be sure.
        for place in order:
            text = texts[place]
            if (len(text) == wanted or not text.isascii()) and fold_case(text) == operand:
                return int(places[place])
        return -1
    assert key is not None and not isinstance(key, CellError)
    if grid.kinds is None and kind != NUMBER:
        return -1
    number = float(key)
    if line.kept or kind in line._indexes:
        index = line.index(kind)
        at = index.below(number)
        if at < len(index.values) and index.values[at] == number:
            return int(index.lasts[at] if last else index.firsts[at])
        return -1
    hits = grid.numbers == number
    if grid.kinds is not None:
        hits &= grid.kinds == kind
    return _end(hits, last)


def find_text(line: Line, test: Callable[[str], object], last: bool = False) -> int:
    """The first (or last) text that passes a test."""
    line = line if last else line.head
    if line.grid.texts is None:
        return -1
    places = line.places_of(TEXT)
    texts = line.grid.texts[places].tolist()
    for place in range(len(texts) - 1, -1, -1) if last else range(len(texts)):
        if test(texts[place]):
            return int(places[place])
    return -1


def find_wild(line: Line, key: Scalar, last: bool = False) -> int:
    """`find_exact`, with `*`, `?` and `~` in a text key."""
    pattern = wildcard_pattern(key) if isinstance(key, str) else None
    return find_exact(line, key, last) if pattern is None else find_text(line, pattern.fullmatch, last)


def find_ascending(line: Line, key: Scalar) -> int:
    """Excel's approximate search: the last cell not above a key if the cells ascend."""
    kind = kind_of_key(0.0 if key is None else key)
    operand = _operand(key)
    if kind == TEXT and line.grid.texts is None:
        return -1
    return _halve(line.values_of(kind), line.next_of(kind), operand, line.count)


def _halve(values: Ordered, nexts: Sequence[int] | Places | None, key: Any, count: int) -> int:
    low, high = -1, count
    while high - low > 1:
        middle = (low + high) // 2
        place = middle if nexts is None else int(nexts[middle])
        if place >= high:
            high = middle
            continue
        value = values[place]
        if value == key:
            place += 1
            while place < count and (nexts is None or nexts[place] == place) and values[place] == key:
                place += 1
            return place - 1
        if value < key:
            low = place
        else:
            high = middle if place == high - 1 else place
    return low


def find_descending(line: Line, key: Scalar) -> int:
    """MATCH's type -1: the first cell equal to a key, or the one before the first that is less; cells of other kinds do not count."""
    kind = kind_of_key(0.0 if key is None else key)
    operand = _operand(key)
    places = line.places_of(kind)
    if kind == TEXT:
        ordered = line.ordered()
        texts = [ordered[place] for place in places.tolist()]
        stop = next((index for index, text in enumerate(texts) if text <= operand), len(texts))
        hit = stop < len(texts) and texts[stop] == operand
    else:
        values = line.grid.numbers[places]
        stop = _end(values <= operand, last=False)
        stop = len(values) if stop < 0 else stop
        hit = stop < len(values) and values[stop] == operand
    if hit:
        return int(places[stop])
    return int(places[stop - 1]) if stop else -1


def find_nearest(line: Line, key: Scalar, larger: bool, last: bool = False) -> int:
    """A cell equal to a key, else the next smaller (or larger) one of its kind; of equal ones the first (or last)."""
    exact = find_exact(line, key, last)
    if exact >= 0:
        return exact
    key = 0.0 if key is None else key
    kind = kind_of_key(key)
    index = line.index(kind)
    operand = _operand(key)
    place = index.below(operand)
    if larger:
        if place < len(index.values) and index.values[place] == operand:
            return int(index.lasts[place] if last else index.firsts[place])
    else:
        place -= 1
    if not 0 <= place < len(index.values):
        return -1
    return int(index.lasts[place] if last else index.firsts[place])


def find_binary(line: Line, key: Scalar, mode: int, descending: bool) -> int:
    """XMATCH's binary searches: `mode` 0 exact, -1 or 1 else the next smaller or larger; the cells must be in order."""
    kind = kind_of_key(0.0 if key is None else key)
    operand = _operand(key)
    if kind == TEXT and line.grid.texts is None:
        return -1
    values, nexts = line.values_of(kind), line.next_of(kind)
    low, high = -1, line.count
    below, above = -1, -1
    while high - low > 1:
        middle = (low + high) // 2
        place = middle if nexts is None else int(nexts[middle])
        if place >= high:
            high = middle
            continue
        value = values[place]
        if value == operand:
            return place
        if value < operand:
            below = place
        else:
            above = place
        if (value < operand) != descending:
            low = place
        else:
            high = middle if place == high - 1 else place
    return -1 if mode == 0 else above if mode > 0 else below


# -- many keys -------------------------------------------------------------------------------------------------------------


def _by_kind(keys: Grid) -> list[tuple[int, Places]]:
    kinds = keys.kinds
    if kinds is None:
        return [(NUMBER, np.arange(keys.size))]
    return [(kind, np.flatnonzero(kinds == kind)) for kind in (BLANK, NUMBER, BOOLEAN, TEXT) if (kinds == kind).any()]


def exact_all(line: Line, keys: Grid, wild: bool, last: bool = False) -> Places:
    """`find_exact`, or with `wild` `find_wild`, for each of a flat grid's keys."""
    line = line if last else line.head
    found = np.full(keys.size, -1, np.int64)
    for kind, lanes in _by_kind(keys):
        if kind == BLANK:
            found[lanes] = find_exact(line, None, last)
        elif kind == TEXT:
            assert keys.texts is not None
            found[lanes] = _texts_all(line, keys.texts[lanes].tolist(), wild, last)
        elif line.grid.kinds is not None or kind == NUMBER:
            wanted = keys.numbers[lanes]
            if len(wanted) <= _FEW_KEYS and kind not in line._indexes:
                found[lanes] = [find_exact(line, bool(key) if kind == BOOLEAN else key, last) for key in wanted.tolist()]
                continue
            index = line.index(kind)
            if not len(index.values):
                continue
            places = index.distinct().find(wanted)
            found[lanes] = np.where(places >= 0, (index.lasts if last else index.firsts)[places], -1)
    return found


def _texts_all(line: Line, texts: list[str], wild: bool, last: bool) -> list[int]:
    if line.grid.texts is None:
        return [-1] * len(texts)
    distinct = set(texts)
    known = line.known_texts(last) if len(distinct) > _FEW_KEYS or line.kept else None
    answers: dict[str, int] = {}
    for text in distinct:
        pattern = wildcard_pattern(text) if wild else None
        if pattern is not None:
            answers[text] = find_text(line, pattern.fullmatch, last)
        elif known is None:
            answers[text] = find_exact(line, text, last)
        else:
            answers[text] = known.get(fold_case(text), -1)
    return [answers[text] for text in texts]


def ascending_all(line: Line, keys: Grid) -> Places:
    """`find_ascending` for each of a flat grid's keys; blank keys are zeros."""
    found = np.full(keys.size, -1, np.int64)
    for kind, lanes in _by_kind(keys):
        sort = NUMBER if kind == BLANK else kind
        if sort == TEXT and line.grid.texts is None:
            continue
        run = line.sorted_run(sort) if len(lanes) > _FEW_KEYS or sort in line._sorted else None
        if sort == TEXT:
            assert keys.texts is not None
            wanted: list[Any] = [order_key(text) for text in keys.texts[lanes].tolist()]
        else:
            wanted = keys.numbers[lanes].tolist()
        if run is not None:
            values, places = run
            if not len(places):
                continue
            if sort == TEXT:
                counts = np.array([bisect_right(values, key) for key in wanted], np.int64)
            else:
                counts = np.searchsorted(values, keys.numbers[lanes], "right")
            found[lanes] = np.where(counts > 0, places[counts - 1], -1)
            continue
        nexts = line.next_of(sort)
        values = line.values_of(sort)
        if not isinstance(values, list) and len(lanes) > _FEW_KEYS:
            values = values.tolist()
        found[lanes] = [_halve(values, nexts, key, line.count) for key in wanted]
    return found


def each_key(keys: Grid, find: Any) -> Places:
    """Any search for one key, for each distinct one of a flat grid's keys."""
    answers: dict[tuple[int, Scalar], int] = {}
    found = []
    for key in keys.flat():
        mark = kind_of_key(key), key
        if mark not in answers:
            answers[mark] = find(key)
        found.append(answers[mark])
    return np.array(found, np.int64)
