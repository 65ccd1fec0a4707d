"""Sections that show a number by digits: fixed, scientific, as a fraction.

In: the tokens of one section, then numbers that are not negative. Out: their text. A compiled section is immutable.

`0` shows a digit or a zero, `#` a digit or nothing, `?` a digit or a space. A comma between digits groups by thousands; commas
right behind the last digit each divide by 1,000; each % multiplies by 100 (ISO/IEC 29500-1, 18.8.31).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sheetengine.number_format.digits import fixed_digits, fraction_of, significant_digits
from sheetengine.number_format.scan import BadFormat, Kind, Token

_MOST_DENOMINATOR_DIGITS: Final = 7
_PADDING: Final = {"0": "0", "#": "", "?": " "}


@dataclass(frozen=True, slots=True)
class Places:
    """Digit placeholders with what stands between them; a placeholder is a token of kind DIGIT."""

    tokens: tuple[Token, ...]
    grouped: bool = False

    @property
    def count(self) -> int:
        """How many placeholders there are."""
        return sum(token.kind is Kind.DIGIT for token in self.tokens)

    def whole(self, digits: str) -> str:
        """Digits before the point, the last under the last placeholder; the first placeholder takes what is over."""
        marks = [token.text for token in self.tokens if token.kind is Kind.DIGIT]
        if not marks:
            return (_grouped(digits) if self.grouped else digits) + "".join(token.text for token in self.tokens)
        if "0" in marks:
            digits = digits.zfill(len(marks) - marks.index("0"))
        if len(marks) == len(self.tokens) and "?" not in marks:
            return _grouped(digits) if self.grouped else digits
        pieces: list[str] = []
        left, written = len(marks), 0
        for token in reversed(self.tokens):
            if token.kind is not Kind.DIGIT:
                pieces.append(token.text)
                continue
            left -= 1
            taken = len(digits) if left == 0 and digits else 1
            for _ in range(taken):
                shown = digits[-1] if digits else _PADDING[token.text]
                if self.grouped and shown and written and written % 3 == 0:
                    pieces.append("," if digits else " ")
                digits = digits[:-1]
                pieces.append(shown)
                written += 1
        return "".join(reversed(pieces))

    def fraction(self, digits: str) -> str:
        """Digits behind the point, one for each placeholder; zeros at the end fall away under # and ?."""
        significant = len(digits.rstrip("0"))
        marks = [token.text for token in self.tokens if token.kind is Kind.DIGIT]
        if "0" in marks:
            significant = max(significant, len(marks) - marks[::-1].index("0"))
        pieces: list[str] = []
        position = 0
        for token in self.tokens:
            if token.kind is Kind.DIGIT:
                pieces.append(digits[position] if position < significant else _PADDING[token.text])
                position += 1
            else:
                pieces.append(token.text)
        return "".join(pieces)


def _grouped(digits: str) -> str:
    first = len(digits) % 3
    groups = ([digits[:first]] if first else []) + [digits[start : start + 3] for start in range(first, len(digits), 3)]
    return ",".join(groups)


@dataclass(frozen=True, slots=True)
class Decimal:
    """A section such as `#,##0.00_)`."""

    whole: Places
    fraction: Places
    point: bool
    shift: int
    places: int

    def render(self, number: float) -> str:
        """A number that is not negative."""
        before, after = fixed_digits(number, self.places, self.shift)
        text = self.whole.whole(before)
        return f"{text}.{self.fraction.fraction(after)}" if self.point else text


@dataclass(frozen=True, slots=True)
class Scientific:
    """A section such as `0.00E+00`; of `##0.0E+0` the exponent is a multiple of 3."""

    whole: Places
    fraction: Places
    point: bool
    shift: int
    sign: str
    exponent: Places
    tail: str

    def render(self, number: float) -> str:
        """A number that is not negative."""
        period, places = max(1, self.whole.count), self.fraction.count
        power = 0
        before, after = "", "0" * places
        if number:
            power = (significant_digits(number)[1] + self.shift) // period * period
            before, after = fixed_digits(number, places, self.shift - power)
            if len(before) > period:
                # 999.96 has become 1000.0: the next power.
                power += period
                before, after = fixed_digits(number, places, self.shift - power)
        sign = "-" if power < 0 else "+" if self.sign == "+" else ""
        mantissa = self.whole.whole(before)
        if self.point:
            mantissa += "." + self.fraction.fraction(after)
        return f"{mantissa}E{sign}{self.exponent.whole(str(abs(power)) if power else '')}{self.tail}"


@dataclass(frozen=True, slots=True)
class Fraction:
    """A section such as `# ?/?`; `whole` is None where the fraction is improper."""

    head: str
    whole: Places | None
    between: str
    numerator: Places
    slash: str
    denominator: Places | None
    fixed: int
    tail: str
    shift: int

    def render(self, number: float) -> str:
        """A number that is not negative."""
        if self.shift:
            number *= 10.0**self.shift
        whole = int(number) if self.whole is not None else 0
        if self.fixed:
            top, bottom = int((number - whole) * self.fixed + 0.5), self.fixed
        else:
            assert self.denominator is not None
            most = 10 ** min(_MOST_DENOMINATOR_DIGITS, max(self.numerator.count, self.denominator.count)) - 1
            top, bottom = fraction_of(number - whole, most)
        if self.whole is not None and top == bottom:
            whole, top = whole + 1, 0
            bottom = self.fixed or 1
        start = ""
        if self.whole is not None:
            start = self.whole.whole(str(whole) if whole or not top else "") + self.between
        shown = str(bottom) if self.fixed else self._under(bottom)
        above = self.numerator.whole(str(top) if top else "" if "0" in self._marks() else "0")
        if self.whole is not None and not top and "0" not in self._marks():
            return f"{self.head}{start}{' ' * (len(above) + len(self.slash) + len(shown))}{self.tail}"
        return f"{self.head}{start}{above}{self.slash}{shown}{self.tail}"

    def _marks(self) -> str:
        return "".join(token.text for token in self.numerator.tokens if token.kind is Kind.DIGIT)

    def _under(self, bottom: int) -> str:
        """The denominator stands at the left of its places."""
        assert self.denominator is not None
        digits = str(bottom)
        marks = [token.text for token in self.denominator.tokens]
        if "0" in marks:
            return digits.zfill(len(marks) - marks.index("0"))
        return digits + "".join(_PADDING[mark] for mark in marks[len(digits) :])


Numeric = Decimal | Scientific | Fraction


def compile_numeric(tokens: list[Token]) -> Numeric:
    """The section that shows numbers by these tokens."""
    tokens, shift, grouped = _scaled(tokens)
    slash = _slash(tokens)
    if slash is not None:
        return _fraction(tokens, slash, shift)
    exponent = next((index for index, token in enumerate(tokens) if token.kind is Kind.EXPONENT), None)
    mantissa = tokens if exponent is None else tokens[:exponent]
    point = next((index for index, token in enumerate(mantissa) if token.kind is Kind.POINT), None)
    before = mantissa if point is None else mantissa[:point]
    after = [] if point is None else [_plain(token) if token.kind is not Kind.DIGIT else token for token in mantissa[point + 1 :]]
    if point is not None and not any(token.kind is Kind.DIGIT for token in before):
        # .00 shows what stands before the point all the same.
        before = [*before, Token(Kind.DIGIT, "#")]
    whole = Places(tuple(before), grouped)
    fraction = Places(tuple(after))
    if exponent is None:
        return Decimal(whole, fraction, point is not None, shift, fraction.count)
    end = exponent + 1
    while end < len(tokens) and tokens[end].kind is Kind.DIGIT:
        end += 1
    if end == exponent + 1:
        raise BadFormat("an exponent without digits")
    tail = "".join(token.text for token in tokens[end:])
    return Scientific(whole, fraction, point is not None, shift, tokens[exponent].text[1], Places(tuple(tokens[exponent + 1 : end])), tail)


def _plain(token: Token) -> Token:
    return Token(Kind.LITERAL, token.text)


def _scaled(tokens: list[Token]) -> tuple[list[Token], int, bool]:
    """The tokens without their commas and with % as literals; the power of ten that they multiply by; whether to group."""
    point = next((index for index, token in enumerate(tokens) if token.kind in (Kind.POINT, Kind.EXPONENT)), len(tokens))
    digits = [index for index, token in enumerate(tokens) if token.kind is Kind.DIGIT]
    kept: list[Token] = []
    shift, grouped = 0, False
    for index, token in enumerate(tokens):
        if token.kind is Kind.PERCENT:
            shift += 2
            kept.append(_plain(token))
        elif token.kind is Kind.COMMA:
            earlier = any(place < index for place in digits)
            later = any(index < place < point for place in digits) if index < point else any(place > index for place in digits)
            if earlier and later:
                grouped = True
            elif earlier and _behind_digits(tokens, index):
                shift -= 3
            else:
                kept.append(_plain(token))
        else:
            kept.append(token)
    return kept, shift, grouped


def _behind_digits(tokens: list[Token], index: int) -> bool:
    while index > 0 and tokens[index - 1].kind is Kind.COMMA:
        index -= 1
    return index > 0 and tokens[index - 1].kind is Kind.DIGIT


def _slash(tokens: list[Token]) -> int | None:
    """Where a slash stands between two numbers and so makes a fraction."""
    for index, token in enumerate(tokens):
        if token.kind is Kind.SLASH and _skip_space(tokens, index, -1) is not None:
            behind = _skip_space(tokens, index, 1)
            if behind is not None:
                return index
    return None


def _skip_space(tokens: list[Token], index: int, step: int) -> int | None:
    """The place of the number next to a slash, or None; one space may stand between."""
    place = index + step
    if 0 <= place < len(tokens) and tokens[place] == (Kind.LITERAL, " "):
        place += step
    if not 0 <= place < len(tokens):
        return None
    token = tokens[place]
    if token.kind is Kind.DIGIT or (step > 0 and token.kind is Kind.LITERAL and token.text.isdecimal() and int(token.text) > 0):
        return place
    return None


def _fraction(tokens: list[Token], slash: int, shift: int) -> Fraction:
    last = _skip_space(tokens, slash, -1)
    first = _skip_space(tokens, slash, 1)
    assert last is not None
    assert first is not None
    start = last
    while start > 0 and tokens[start - 1].kind is Kind.DIGIT:
        start -= 1
    fixed = int(tokens[first].text) if tokens[first].kind is Kind.LITERAL else 0
    end = first + 1
    while not fixed and end < len(tokens) and tokens[end].kind is Kind.DIGIT:
        end += 1
    before = tokens[:start]
    marks = [index for index, token in enumerate(before) if token.kind is Kind.DIGIT]
    rest = [*before, *tokens[end:]]
    if any(token.kind in (Kind.POINT, Kind.EXPONENT) for token in rest) or any(token.kind is Kind.DIGIT for token in tokens[end:]):
        raise BadFormat("a fraction beside a decimal point")
    whole, between, head = None, "", "".join(token.text for token in before)
    if marks:
        head = "".join(token.text for token in before[: marks[0]])
        whole = Places(tuple(before[marks[0] : marks[-1] + 1]))
        between = "".join(token.text for token in before[marks[-1] + 1 :])
    return Fraction(
        head, whole, between, Places(tuple(tokens[start : last + 1])), "".join(token.text for token in tokens[last + 1 : first]),
        None if fixed else Places(tuple(tokens[first:end])), fixed, "".join(token.text for token in tokens[end:]), shift,
    )  # fmt: skip
