"""The index of extents finds every edge that a rectangle meets, each once, whatever was added and removed."""

from __future__ import annotations

from hypothesis import given, strategies as st

from sheetengine.graph.patterns import FillEdge, Rect
from sheetengine.graph.range_index import RangeIndex

PLACES = st.integers(0, 40) | st.sampled_from((0, 63, 64, 127, 128, 1_000, 1_048_575))
COLUMNS = st.integers(0, 40) | st.sampled_from((15, 16, 16_383))


@st.composite
def rects(draw: st.DrawFn) -> Rect:
    top, bottom = sorted((draw(PLACES), draw(PLACES)))
    left, right = sorted((draw(COLUMNS), draw(COLUMNS)))
    return Rect(top, left, bottom, right)


@given(st.lists(rects(), max_size=60), st.lists(st.integers(0, 59), max_size=20), st.lists(rects(), min_size=1, max_size=4))
def test_what_meets_is_found(added: list[Rect], removed: list[int], asked: list[Rect]) -> None:
    index = RangeIndex()
    edges = [FillEdge(number, 0, 1, tuple(rect), 0, 1, 1) for number, rect in enumerate(added)]
    for edge in edges:
        index.add(edge)
    for number in dict.fromkeys(removed):
        if number < len(edges):
            index.remove(edges[number])
    left = [edge for edge in edges if edge.node not in removed]
    index.check_invariants()
    assert len(index) == len(left)
    assert sorted(edge.node for edge in index.edges()) == [edge.node for edge in left]
    for rect in asked:
        found = [edge.node for edge in index.meeting(rect)]
        wanted = [e.node for e in left if e.top <= rect.bottom and e.bottom >= rect.top and e.left <= rect.right and e.right >= rect.left]
        assert sorted(found) == wanted
