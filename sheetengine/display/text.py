"""Bars, pictures, trees and tables as text.

In: strings and numbers. Out: lines for a terminal or a log, without a line feed at the end. Invariants: nothing here prints, asks the
terminal or knows a workbook; a wide character (Chinese, Japanese, Korean) counts two columns, a combining one none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sheetengine.number_text import general_text

Branch: TypeAlias = "tuple[str, Sequence[Branch]]"
"""A line of a tree and the branches below it."""

_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
_HALVES: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_WIDE: Final = ("W", "F")
_LONGEST_CELL: Final = 200
_NUMBER: Final = re.compile(r"[-+($€£]*\d[\d,.]*(?:E[+-]?\d+)?[)%]*")
_ESCAPE: Final = re.compile(r"\x1b\[[0-9;]*m")
_INK: Final = 0.35
"""From here on half a block is shown: the grey edge of a stroke still reads as ink."""
_BLACK, _WHITE = 232, 255
"""The ends of the ramp of greys among the 256 colours of a terminal."""


def cells(count: int) -> str:
    """A number of cells.

    >>> cells(1), cells(1200)
    ('1 cell', '1,200 cells')
    """
    return "1 cell" if count == 1 else f"{count:,} cells"


def duration(seconds: float) -> str:
    """A time in the unit that suits it.

    >>> duration(0.000_071), duration(0.0123), duration(4.5)
    ('71 µs', '12.3 ms', '4.50 s')
    """
    return f"{seconds * 1e6:.0f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def width(text: str) -> int:
    """How many columns of a terminal a text takes.

    >>> width("sum"), width("数"), width("e\\u0301")
    (3, 2, 1)
    """
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text)


def clip(text: str, most: int) -> str:
    """A text in one line of at most so many columns; what is cut off is an ellipsis.

    >>> clip("a long formula", 7), clip("two\\nlines", 20)
    ('a long…', 'two lines')
    """
    text = " ".join(text.split("\n"))
    if width(text) <= most:
        return text
    kept, used = [], 1
    for character in text:
        used += width(character)
        if used > most:
            break
        kept.append(character)
    return "".join(kept) + "…"


def table(rows: Sequence[Sequence[str]], gap: int = 2) -> str:
    """Rows in columns, as a sheet shows them: numbers to the right, texts to the left.

    >>> print(table([["", "A", "B"], ["1", "10.5", "x"], ["2", "3", "long text"]]))
       A     B
    1  10.5  x
    2     3  long text
    """
    shown = [[clip(cell, _LONGEST_CELL) for cell in row] for row in rows]
    count = max(map(len, shown), default=0)
    widths = [max((width(row[column]) for row in shown if column < len(row)), default=0) for column in range(count)]
    lines = []
    for row in shown:
        cells = []
        for cell, room in zip(row, widths, strict=False):
            space = " " * (room - width(cell))
            cells.append(space + cell if _NUMBER.fullmatch(cell) else cell + space)
        lines.append((" " * gap).join(cells).rstrip())
    return "\n".join(lines)


def tree(root: Branch, most: int = 1000) -> str:
    """A root and its branches, depth first, in at most so many lines; a last line says how many there are besides.

    >>> print(tree(("C1", [("B1", [("A1", [])]), ("B2", [])])))
    C1
    ├─ B1
    │  └─ A1
    └─ B2
    """
    lines: list[str] = []
    count = 0
    # No recursion: a chain of a million cells is a tree a million deep.
    waiting: list[tuple[Branch, str, str]] = [(root, "", "")]
    while waiting:
        (text, below), lead, indent = waiting.pop()
        count += 1
        if count <= most:
            lines.append(lead + text)
        last = len(below) - 1
        for number, branch in reversed(list(enumerate(below))):
            waiting.append((branch, indent + ("└─ " if number == last else "├─ "), indent + ("   " if number == last else "│  ")))
    if count > most:
        lines.append(f"… {count - most:,} more lines")
    return "\n".join(lines)


def bar(share: float, room: int) -> str:
    """A bar of a share (0 to 1, clipped) of so many columns, to an eighth of a column; anything but 0 shows.

    >>> bar(0.5, 4), bar(0.03, 4), bar(1.5, 2), bar(0, 4)
    ('██', '▏', '██', '')
    """
    eighths = round(min(max(share, 0.0), 1.0) * room * 8)
    if share > 0:
        eighths = max(eighths, 1)
    return _EIGHTHS[-1] * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def bars(labels: Sequence[str], values: Sequence[float], *, most: float | None = None, room: int = 24, digits: int = 3) -> str:
    """One labelled bar to a line, its number behind it; the longest is `most`, or the largest value.

    >>> print(bars(["0", "1"], [0.25, 1.0], room=4))
    0 █     0.250
    1 ████  1.000
    """
    top = most if most is not None else max((abs(value) for value in values), default=0.0)
    side = max(map(width, labels), default=0)
    numbers = [f"{value:.{digits}f}" for value in values]
    figures = max(map(len, numbers), default=0)
    return "\n".join(
        f"{label}{' ' * (side - width(label))} {bar(value / top if top else 0.0, room):<{room}}  {number:>{figures}}"
        for label, value, number in zip(labels, values, numbers, strict=True)
    )


def picture(values: NDArray[np.float64], *, shades: bool = False) -> str:
    """Brightnesses 0 to 1 as half blocks, two rows of cells to a line; `shades`: 24 greys by escape codes of a terminal.

    >>> print(picture(np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1]])))
    ▀▄█
      ▀
    """
    rows, columns = values.shape
    # A row below the last, so that rows pair up; NaN cannot be: cells hold none.
    plane = np.zeros((rows + rows % 2, columns))
    plane[:rows] = values
    if not shades:
        ink = plane >= _INK
        return "\n".join(
            "".join(_HALVES[bool(up), bool(low)] for up, low in zip(*pair, strict=True)).rstrip()
            for pair in zip(ink[::2], ink[1::2], strict=True)
        )
    greys = _BLACK + np.rint(np.clip(plane, 0.0, 1.0) * (_WHITE - _BLACK)).astype(int)
    return "\n".join(_shaded(above.tolist(), below.tolist()) for above, below in zip(greys[::2], greys[1::2], strict=True))


def _shaded(above: Sequence[int], below: Sequence[int]) -> str:
    parts = []
    last: tuple[int, int] | None = None
    for pair in zip(above, below, strict=True):
        if pair != last:
            parts.append(f"\x1b[38;5;{pair[0]};48;5;{pair[1]}m")
            last = pair
        parts.append("▀")
    return "".join(parts) + "\x1b[0m"


def beside(left: str, right: str, gap: int = 3) -> str:
    """Two blocks of lines side by side; escape codes take no room.

    >>> print(beside("a\\nbc", "1\\n2\\n3"))
    a    1
    bc   2
         3
    """
    first, second = left.split("\n"), right.split("\n")
    room = max(width(_ESCAPE.sub("", line)) for line in first)
    height = max(len(first), len(second))
    first += [""] * (height - len(first))
    second += [""] * (height - len(second))
    return "\n".join(
        f"{one}{' ' * (room - width(_ESCAPE.sub('', one)) + gap)}{two}".rstrip() for one, two in zip(first, second, strict=True)
    )


def typed(value: object) -> str:
    """A value as one would write it in a formula.

    >>> typed(0.5), typed("a"), typed(True), typed(None)
    ('0.5', '"a"', 'TRUE', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return general_text(float(value))
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return str(value)
