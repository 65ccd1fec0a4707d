"""Bars, pictures, trees and tables as text."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, strategies as st

from sheetengine.display.text import bar, bars, beside, clip, picture, table, tree, typed, width

WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_cells_of_a_column_begin_or_end_together(rows):
    widths = [max((width(row[column]) for row in rows if column < len(row)), default=0) for column in range(max(map(len, rows)))]
    for row, line in zip(rows, table(rows).split("\n"), strict=True):
        start = 0
        for column, cell in enumerate(row):
            assert width(line) <= start + widths[column] or column < len(row) - 1 or len(row) < len(widths)
            assert cell in line
            start += widths[column] + 2


def test_numbers_stand_to_the_right_texts_to_the_left():
    assert table([["a", "1.5"], ["bb", "-22"], ["c", "50%"], ["d", "x"]]) == "a   1.5\nbb  -22\nc   50%\nd   x"


def test_wide_characters_take_two_columns():
    assert table([["数", "x"], ["a", "y"]]) == "数  x\na   y"


def test_a_table_of_nothing():
    assert table([]) == ""


@given(st.text(max_size=40), st.integers(1, 30))
def test_what_is_clipped_fits_and_is_one_line(text, most):
    shown = clip(text, most)
    assert width(shown) <= most
    assert "\n" not in shown
    if width(text) <= most:
        assert shown == text.replace("\n", " ")


def test_a_deep_tree_needs_no_recursion():
    branch = ("leaf", [])
    for number in range(50_000):
        branch = (str(number), [branch])
    lines = tree(branch, most=5).split("\n")
    assert lines[0] == "49999"
    assert lines[1] == "└─ 49998"
    assert lines[-1] == "… 49,996 more lines"


def test_branches_hang_on_their_own_parent():
    assert tree(("r", [("a", [("b", []), ("c", [])]), ("d", [("e", [])])])) == "r\n├─ a\n│  ├─ b\n│  └─ c\n└─ d\n   └─ e"


@given(st.floats(-1, 2), st.integers(1, 60))
def test_a_bar_is_as_long_as_its_share(share, room):
    drawn = bar(share, room)
    assert len(drawn) <= room
    assert abs(len(drawn) - min(max(share, 0), 1) * room) <= 1
    assert (drawn == "") == (share <= 0)


def test_bars_line_up():
    lines = bars(["one", "eleven"], [1.0, 11.0], room=11, digits=1).split("\n")
    assert lines == ["one    █             1.0", "eleven ███████████  11.0"]


def test_bars_of_nothing_and_of_zeros():
    assert bars([], []) == ""
    assert bars(["a"], [0.0], room=4) == "a       0.000"


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (3, 2), (28, 28)])
def test_a_picture_shows_every_pixel(shape):
    for row, column in np.ndindex(shape):
        values = np.zeros(shape)
        values[row, column] = 1.0
        lines = picture(values).split("\n")
        assert len(lines) == (shape[0] + 1) // 2
        assert [line for line in lines if line] == [" " * column + "▀▄"[row % 2]]
        assert lines[row // 2]


def test_shades_say_how_bright_a_pixel_is():
    line = picture(np.array([[0.0, 0.5, 1.0], [1.0, 0.5, 1.0]]), shades=True)
    assert re.findall(r"38;5;(\d+);48;5;(\d+)m▀", line) == [("232", "255"), ("244", "244"), ("255", "255")]
    assert line.endswith("\x1b[0m")


def test_equal_shades_share_one_code():
    assert picture(np.zeros((2, 28)), shades=True).count("\x1b") == 2


def test_escape_codes_take_no_room_beside():
    left = picture(np.ones((4, 5)), shades=True)
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in beside(left, "a\nb\nc").split("\n")]
    assert plain == ["▀▀▀▀▀   a", "▀▀▀▀▀   b", "        c"]


@pytest.mark.parametrize(("value", "text"), [(1e20, "1E+20"), (-0.5, "-0.5"), ('say "hi"', '"say ""hi"""'), (False, "FALSE")])
def test_values_as_a_formula_writes_them(value, text):
    assert typed(value) == text
