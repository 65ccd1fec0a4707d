"""Edges: extents and images by arithmetic, against going through every cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from sheetengine.graph.patterns import BOTTOM, LEFT, RIGHT, TOP, Cells, FamilyEdge, FillEdge, Rect

RR, RF, FR, FF = TOP | LEFT | BOTTOM | RIGHT, TOP | LEFT, BOTTOM | RIGHT, 0


def members(edge: FillEdge, found: object) -> set[int]:
    if found is None:
        return set()
    if isinstance(found, Cells):
        return {row * edge.width + column for row in range(found[0], found[1] + 1) for column in range(found[2], found[3] + 1)}
    return set(np.asarray(found).tolist())


def read(edge: FillEdge, down: int, right: int) -> Rect:
    """What one member reads."""
    rows = sorted((edge.top + (down if edge.relative & TOP else 0), edge.bottom + (down if edge.relative & BOTTOM else 0)))
    columns = sorted((edge.left + (right if edge.relative & LEFT else 0), edge.right + (right if edge.relative & RIGHT else 0)))
    return Rect(rows[0], columns[0], rows[1], columns[1])


@st.composite
def edges(draw: st.DrawFn) -> FillEdge:
    top, left = draw(st.integers(0, 12)), draw(st.integers(0, 6))
    area = (top, left, draw(st.integers(top, 14)), draw(st.integers(left, 8)))
    return FillEdge(1, 0, 1, area, draw(st.integers(0, 15)), draw(st.integers(1, 9)), draw(st.integers(1, 4)))


def meet(one: Rect, other: Rect) -> bool:
    return one.top <= other.bottom and one.bottom >= other.top and one.left <= other.right and one.right >= other.left


RECTS = st.builds(
    lambda top, left, down, right: Rect(top, left, top + down, left + right),
    st.integers(0, 20),
    st.integers(0, 10),
    st.integers(0, 5),
    st.integers(0, 4),
)


@given(edges(), RECTS)
def test_the_image_of_a_rectangle_is_exact(edge: FillEdge, rect: Rect) -> None:
    wanted = {
        down * edge.width + right for down in range(edge.height) for right in range(edge.width) if meet(read(edge, down, right), rect)
    }
    assert members(edge, edge.image(rect)) == wanted


@given(edges(), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 10)), min_size=1, max_size=6, unique=True))
def test_the_image_of_scattered_cells_is_exact(edge: FillEdge, cells: list[tuple[int, int]]) -> None:
    rows, columns = (np.array(axis) for axis in zip(*cells, strict=True))
    wanted = {
        down * edge.width + right
        for down in range(edge.height)
        for right in range(edge.width)
        if any(meet(read(edge, down, right), Rect(row, column, row, column)) for row, column in cells)
    }
    assert members(edge, edge.images(rows, columns)) == wanted


@given(edges(), st.lists(st.tuples(st.integers(0, 25), st.integers(0, 14)), min_size=1, max_size=30))
def test_the_image_of_very_many_cells_is_that_of_each(edge: FillEdge, cells: list[tuple[int, int]]) -> None:
    rows, columns = np.array(cells, np.int64).T
    few = edge.images(rows, columns)
    again = -(-300 // len(cells))
    assert edge.images(np.tile(rows, again), np.tile(columns, again)).tolist() == few.tolist()


@given(edges())
def test_the_extent_is_the_hull(edge: FillEdge) -> None:
    rects = [read(edge, down, right) for down in range(edge.height) for right in range(edge.width)]
    hull = Rect(min(r.top for r in rects), min(r.left for r in rects), max(r.bottom for r in rects), max(r.right for r in rects))
    assert edge.extent() == hull


@pytest.mark.parametrize(
    ("relative", "changed", "image"),
    [
        (RR, Rect(3, 0, 3, 0), Cells(1, 3, 0, 0)),  # a window of three rows: those that hold row 3
        (FR, Rect(3, 0, 3, 0), Cells(1, 9, 0, 0)),  # a growing range: all from there on
        (RF, Rect(1, 0, 1, 0), Cells(0, 1, 0, 0)),  # a shrinking one: all up to there
        (FF, Rect(1, 0, 1, 0), Cells(0, 9, 0, 0)),  # a fixed one: all
        (FF, Rect(7, 0, 7, 0), None),
    ],
)
def test_the_four_patterns(relative: int, changed: Rect, image: Cells | None) -> None:
    assert FillEdge(1, 0, 1, (0, 0, 2, 0), relative & (TOP | BOTTOM), 10, 1).image(changed) == image


def test_a_family_has_a_rectangle_for_each_member() -> None:
    edge = FamilyEdge(1, 0, 1, np.array([0, 5, 9]), np.array([0, 1, 2]), np.array([0, 8, 9]), np.array([0, 1, 3]))
    assert edge.extent() == Rect(0, 0, 9, 3)
    assert edge.image(Rect(6, 0, 9, 2)).tolist() == [1, 2]
    assert edge.image(Rect(1, 0, 4, 9)) is None
    assert edge.images(np.array([0, 9]), np.array([0, 3])).tolist() == [0, 2]
