"""The index of rectangles against a list that is searched whole."""

from __future__ import annotations

from hypothesis import given, strategies as st

from sheetengine.graph.patterns import Rect
from sheetengine.graph.rect_index import RectIndex


def _span(most):
    return st.tuples(st.integers(0, most), st.one_of(st.integers(0, 3), st.integers(0, most)))


_RECTS = st.builds(lambda rows, columns: Rect(rows[0], columns[0], rows[0] + rows[1], columns[0] + columns[1]), _span(3000), _span(300))
_EDITS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1), st.none() | _RECTS), max_size=40)


@given(_EDITS, st.lists(st.tuples(st.integers(0, 1), _RECTS), min_size=1, max_size=8))
def test_finds_what_a_search_of_all_finds(edits, questions):
    index: RectIndex[int] = RectIndex()
    plain: dict[int, tuple[int, Rect]] = {}
    for key, sheet, rect in edits:
        if rect is None:
            assert index.remove(key) == plain.pop(key, None)
        else:
            index.add(key, sheet, rect)
            plain[key] = (sheet, rect)
        index.check_invariants()
    assert dict(index.items()) == plain and len(index) == len(plain)
    for sheet, (top, left, bottom, right) in questions:
        wanted = {
            key: rect
            for key, (own, rect) in plain.items()
            if own == sheet and rect.top <= bottom and rect.bottom >= top and rect.left <= right and rect.right >= left
        }
        found = index.meeting(sheet, Rect(top, left, bottom, right))
        assert dict(found) == wanted and len(found) == len(wanted)
