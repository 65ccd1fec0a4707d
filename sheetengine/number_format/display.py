"""What a value shows by a number format.

In: a scalar and a pattern. Out: the text that TEXT gives and that a cell of any width displays. Patterns are compiled once;
the last thousand or so are kept.

Which section shows a number (ISO/IEC 29500-1, 18.8.31): positive; negative; zero; text. Of two sections the first also shows zero, of one
it shows all. A last section with @ is for texts. Conditions replace these rules; a section that only negative numbers reach shows
them without their sign.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sheetengine.number_format.builtin import GENERAL
from sheetengine.number_format.digits import general
from sheetengine.number_format.moments import Moment, compile_moment, is_moment, units_of
from sheetengine.number_format.numerals import Numerals
from sheetengine.number_format.numeric import Numeric, compile_numeric
from sheetengine.number_format.scan import BadFormat, Kind, Section, scan
from sheetengine.values import CellError, Scalar

_COMPARE: Final = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_DIGITS: Final = (Kind.DIGIT, Kind.POINT, Kind.PERCENT, Kind.EXPONENT)


@dataclass(frozen=True, slots=True)
class Words:
    """A section without digits: literals around General or @."""

    pieces: tuple[str | None, ...]
    """None where the value stands."""
    plain: bool = False
    """Whether it is General alone."""

    def render(self, number: float) -> str:
        """A number that is not negative."""
        return "".join([general(number) if piece is None else piece for piece in self.pieces])

    def text(self, value: str) -> str:
        """A text."""
        return "".join([value if piece is None else piece for piece in self.pieces])


@dataclass(frozen=True, slots=True)
class Branch:
    """A section for numbers, the numbers it is for, and whether it shows their sign."""

    shown: Numeric | Moment | Words | Numerals
    condition: tuple[str, float] | None
    signed: bool

    def takes(self, number: float) -> bool:
        """Whether a number meets its condition."""
        return self.condition is None or _COMPARE[self.condition[0]](number, self.condition[1])


@dataclass(frozen=True, slots=True)
class Format:
    """A compiled pattern; a number takes the first branch whose condition it meets."""

    branches: tuple[Branch, ...]
    text: Words
    is_date: bool

    def number(self, number: float, date1904: bool = False) -> str:
        """The text of a number."""
        for branch in self.branches:
            if branch.takes(number):
                shown = branch.shown
                if type(shown) is Moment:
                    return shown.render(number, date1904)
                if number < 0.0:
                    return "-" + shown.render(-number) if branch.signed else shown.render(-number)
                return shown.render(number)
        raise BadFormat("no section is for this number")


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Format:
    """The compiled form of a pattern; `BadFormat` where Excel refuses it."""
    sections = scan(pattern)
    words = Words((None,))
    if len(sections) == 4 or sections[-1].has(Kind.TEXT):
        words = _words(sections.pop())
    if not sections:
        # "@" and its like show numbers as General.
        sections = scan(GENERAL)
    branches = _branches(sections)
    return Format(tuple(branches), words, any(type(branch.shown) is Moment for branch in branches))


def _words(section: Section) -> Words:
    if section.has(*_DIGITS, Kind.MOMENT, Kind.ELAPSED, Kind.HALF) and section.has(Kind.TEXT):
        raise BadFormat("digits beside @")
    value = (Kind.TEXT, Kind.GENERAL)
    pieces = tuple(None if token.kind in value else token.text for token in section.tokens)
    return Words(pieces)


def _shown(section: Section) -> Numeric | Moment | Words | Numerals:
    if is_moment(section):
        if section.has(Kind.GENERAL, Kind.TEXT, Kind.EXPONENT):
            raise BadFormat("General or @ among parts of a date")
        return compile_moment(section)
    if section.has(Kind.GENERAL, Kind.TEXT) or not section.has(*_DIGITS):
        if section.has(Kind.DIGIT, Kind.EXPONENT):
            raise BadFormat("digits beside General or @")
        words = _words(section)
        return Numerals(section.numerals, section.language, words.pieces, None) if section.numerals else words
    numeric = compile_numeric(section.tokens)
    return Numerals(section.numerals, section.language, (), numeric) if section.numerals else numeric


def _branches(sections: list[Section]) -> list[Branch]:
    shown = [_shown(section) for section in sections]
    own = [section.condition for section in sections]
    if len(sections) > 2 and own[2] is not None:
        raise BadFormat("a condition in the third section")
    if not any(own):
        if len(shown) == 1:
            return [Branch(shown[0], None, True)]
        if len(shown) == 2:
            return [Branch(shown[0], (">=", 0.0), True), Branch(shown[1], None, False)]
        return [Branch(shown[0], (">", 0.0), True), Branch(shown[1], ("<", 0.0), False), Branch(shown[2], None, True)]
    if len(shown) == 1:
        return [Branch(shown[0], own[0], not _negative_only(own[0])), Branch(Words((None,)), None, True)]
    first = own[0] or (">", 0.0)
    second = own[1]
    if second is None and len(shown) > 2:
        second = ("<", 0.0)
    negative = _negative_only(second) or (second is None and _catches_the_rest(first))
    branches = [Branch(shown[0], first, not _negative_only(first)), Branch(shown[1], second, not negative)]
    if len(shown) > 2:
        branches.append(Branch(shown[2], None, True))
    return branches


def _negative_only(condition: tuple[str, float] | None) -> bool:
    if condition is None:
        return False
    sign, limit = condition
    return (sign == "<" and limit <= 0.0) or (sign in ("<=", "=") and limit < 0.0)


def _catches_the_rest(condition: tuple[str, float]) -> bool:
    """Whether what a condition leaves over is negative."""
    sign, limit = condition
    return (sign == ">=" and limit <= 0.0) or (sign == ">" and limit < 0.0)


@dataclass(frozen=True, slots=True)
class _Plain:
    """A pattern of digits alone, as Python writes it: nine in ten cells have one."""

    template: str
    scale: float
    grouped: bool
    percent: bool


_PLAIN: Final = re.compile(r"(#,##)?0(?:\.(0{1,9}))?(%)?")


@lru_cache(maxsize=1024)
def _plain(pattern: str) -> _Plain | None:
    match = _PLAIN.fullmatch(pattern)
    if match is None or (match[1] and match[3]):
        return None
    decimals = len(match[2] or "")
    grouped, percent = match[1] is not None, match[3] is not None
    template = f"{{:,.{decimals}f}}" if grouped else f"%.{decimals}f" + ("%%" if percent else "")
    return _Plain(template, 10.0**decimals * (100.0 if percent else 1.0), grouped, percent)


def format_value(value: Scalar, pattern: str, *, date1904: bool = False) -> str:
    """The text of a value by a pattern; `BadFormat` where Excel refuses the pattern or cannot show the number.

    >>> format_value(1234.567, "#,##0.00"), format_value(-5.0, "0;(0)"), format_value(0.285, "0.0%"), format_value(60.0, "d mmm yyyy")
    ('1,234.57', '(5)', '28.5%', '29 Feb 1900')
    >>> format_value("abc", '0;;;"<"@">"'), format_value(1.5, "[h]:mm"), format_value(5.25, "# ?/?"), format_value(12345.0, "##0.0E+0")
    ('<abc>', '36:00', '5 1/4', '12.3E+3')
    """
    if type(value) is float:
        quick = _plain(pattern)
        if quick is not None:
            scaled = abs(value) * quick.scale
            # A number near half of the last digit is rounded by its 15 digits, which only the long way knows.
            if scaled < 1e8 and (value >= 0.0 or scaled >= 1.0) and abs(scaled % 1.0 - 0.5) > 1e-6:
                return quick.template % (value * 100.0 if quick.percent else value) if not quick.grouped else quick.template.format(value)
        return compiled(pattern).number(value, date1904)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return str(value)
    if isinstance(value, str):
        return compiled(pattern).text.text(value)
    return compiled(pattern).number(value, date1904)


def is_date_format(pattern: str) -> bool:
    """Whether numbers of a pattern are shown as dates or times.

    >>> is_date_format("d-mmm-yy"), is_date_format("[h]:mm"), is_date_format("0.00"), is_date_format('0" days"')
    (True, True, False, False)
    """
    try:
        return compiled(pattern).is_date
    except BadFormat:
        return False


def temporal_kind(pattern: str) -> str:
    """What numbers of a pattern are: a "date", a "time" of the day, "elapsed" time, or "" where they are shown as numbers.

    >>> [temporal_kind(pattern) for pattern in ("d-mmm-yy h:mm", "h:mm AM/PM", "[h]:mm", "0.00")]
    ['date', 'time', 'elapsed', '']
    """
    if not is_date_format(pattern):
        return ""
    kinds = [units_of(section) for section in scan(pattern) if is_moment(section)]
    return "elapsed" if "elapsed" in kinds else "date" if "date" in kinds else "time"
