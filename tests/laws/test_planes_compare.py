"""The six comparisons of planes give in each element what they give of its two scalars, however the planes are stretched to each other."""

from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st

from sheetengine.collation import fold_case
from sheetengine.comparison import compare_by, plane_compare
from sheetengine.grid import Grid
from sheetengine.values import DIV0, NA

TEXTS = st.one_of(
    st.sampled_from(
        ["", "ash", "ASH", "Ash-1", "ash1", "élan", "elan", "ELAN", "straße", "STRASSE", "_", "10", "2", "'x", "co-op", "coop", "zz"]
    ),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=4),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.sampled_from([DIV0, NA]), st.sampled_from([0.0, 0.1 + 0.2, 0.3, -1.0, 1.0, 1e300]), TEXTS)
SHAPES = st.sampled_from(
    [((1, 1), (3, 2)), ((3, 1), (1, 2)), ((3, 2), (3, 2)), ((1, 4, 1), (3, 1, 1)), ((2, 1, 3), (1, 2, 3)), ((0, 1), (1, 1))]
)


@st.composite
def planes(draw: st.DrawFn) -> tuple[Grid, Grid]:
    few = draw(st.sampled_from([SCALARS, TEXTS, st.one_of(st.none(), TEXTS)]))
    made = []
    for shape in draw(SHAPES):
        count = int(np.prod(shape))
        grid = Grid.from_flat(draw(st.lists(few, min_size=count, max_size=count)), shape)
        grid.memo = draw(st.sampled_from([None, {}]))
        made.append(grid)
    return made[0], made[1]


@given(planes(), st.sampled_from(["=", "<>", "<", ">", "<=", ">="]), st.booleans())
def test_planes_compare_as_scalars_do(pair: tuple[Grid, Grid], operator: str, stretched: bool) -> None:
    left, right = pair
    shape = np.broadcast_shapes(left.shape, right.shape)
    wide, other = left.broadcast(shape), right.broadcast(shape)
    wanted = [compare_by(operator, one, two) for one, two in zip(wide.flat(), other.flat(), strict=True)]
    for _ in range(2):  # the second time from what the grids remember
        found = plane_compare(operator, wide if stretched else left, other if stretched else right)
        assert found.shape == shape
        assert found.flat() == wanted


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_case(fold_case(text)) == fold_case(text)
