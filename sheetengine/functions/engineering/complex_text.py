"""Complex numbers as Excel's texts: "3+4i".

In: a scalar of a cell; out: a complex number with its suffix, and back to text in 15 digits.
"""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

from sheetengine.number_text import general_text
from sheetengine.values import NUM, VALUE, CellError, Scalar

_REAL = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_NUMBER: Final = re.compile(
    rf"(?P<real>[+-]?{_REAL})\Z|(?P<part>[+-]?{_REAL}(?=[+-]))?(?P<imaginary>[+-]?(?:{_REAL})?)(?P<suffix>[ij])\Z", re.ASCII
)


class ComplexNumber(NamedTuple):
    """A complex number and the letter it was written with, "" where it had none."""

    real: float
    imaginary: float
    suffix: str = ""


def read_complex(value: Scalar) -> ComplexNumber | CellError:
    """The complex number of a scalar: a number, a blank (0) or a text.

    >>> read_complex("3-i"), read_complex(".5j").imaginary, str(read_complex("4i+3")), str(read_complex(True))
    (ComplexNumber(real=3.0, imaginary=-1.0, suffix='i'), 0.5, '#NUM!', '#VALUE!')
    """
    if value is None:
        return ComplexNumber(0.0, 0.0)
    if isinstance(value, CellError):
        return value
    if isinstance(value, bool):
        return VALUE
    if not isinstance(value, str):
        return ComplexNumber(value, 0.0)
    match = _NUMBER.match(value)
    if match is None:
        return NUM
    if match["real"] is not None:
        number = ComplexNumber(float(match["real"]), 0.0)
    else:
        imaginary = match["imaginary"]
        if match["part"] is not None and imaginary[:1] not in ("+", "-"):
            return NUM
        number = ComplexNumber(
            float(match["part"] or 0.0), float(imaginary + "1" if imaginary in ("", "+", "-") else imaginary), match["suffix"]
        )
    return number if math.isfinite(number.real) and math.isfinite(number.imaginary) else NUM


def write_complex(real: float, imaginary: float, suffix: str) -> str | CellError:
    """The text of a complex number; a part that is 0 is left out, and so is the 1 of an imaginary part.

    >>> write_complex(3.0, -1.0, "i"), write_complex(0.0, 2.5, "j"), write_complex(0.0, 0.0, "")
    ('3-i', '2.5j', '0')
    """
    if not math.isfinite(real) or not math.isfinite(imaginary):
        return NUM
    if imaginary == 0.0:
        return general_text(real + 0.0)
    text = general_text(imaginary)
    text = {"1": "", "-1": "-"}.get(text, text) + (suffix or "i")
    if real == 0.0:
        return text
    return general_text(real) + ("" if text[0] == "-" else "+") + text


def one_suffix(numbers: list[ComplexNumber]) -> str | CellError:
    """The letter of several complex numbers, which must be one: i and j do not mix (Microsoft: IMSUM and its kin)."""
    found = {number.suffix for number in numbers if number.suffix}
    if len(found) > 1:
        return CellError("#VALUE!", "the suffixes i and j are mixed")
    return found.pop() if found else ""
