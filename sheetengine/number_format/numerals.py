"""Chinese and Japanese numerals, as the brackets [DBNum1] to [DBNum3] ask for them.

In: a number that is not negative. Out: its text: in full with General (一百二十三), digit by digit with placeholders (一二三).
1 are everyday numerals, 2 those of cheques, 3 full-width digits. Source: Microsoft, "DBNum number format codes".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sheetengine.number_format.digits import general
from sheetengine.number_format.languages import Language, language_of
from sheetengine.number_format.numeric import Numeric

_SETS: Final = {
    "1": ("〇一二三四五六七八九", "十百千", "万亿万亿"),
    "2": ("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万亿万亿"),
    "3": ("０１２３４５６７８９", "十百千", "万亿万亿"),
}
_JAPANESE: Final = {
    "1": ("〇一二三四五六七八九", "十百千", "万億兆京"),
    "2": ("〇壱弐参四伍六七八九", "拾百阡", "萬億兆京"),
    "3": ("０１２３４５６７８９", "十百千", "万億兆京"),
}


@dataclass(frozen=True, slots=True)
class Numerals:
    """A section with a [DBNum] bracket."""

    numerals: str
    language: Language
    pieces: tuple[str | None, ...]
    numeric: Numeric | None

    def render(self, number: float) -> str:
        """A number that is not negative."""
        japanese = self.language is language_of("ja")
        digits, tens, myriads = (_JAPANESE if japanese else _SETS)[self.numerals]
        if self.numeric is not None:
            return self.numeric.render(number).translate(str.maketrans("0123456789", digits))
        plain = general(number)
        if "E" in plain:
            said = plain.translate(str.maketrans("0123456789", digits))
        else:
            whole, _, fraction = plain.partition(".")
            said = _said(whole, digits, tens, myriads, japanese)
            if fraction:
                said += "." + fraction.translate(str.maketrans("0123456789", digits))
        return "".join([said if piece is None else piece for piece in self.pieces])


def _said(whole: str, digits: str, tens: str, myriads: str, japanese: bool) -> str:
    """A whole number by its powers of ten, in groups of four."""
    if whole == "0":
        return digits[0]
    groups = []
    while whole:
        groups.append(whole[-4:].zfill(4))
        whole = whole[:-4]
    pieces: list[str] = []
    gap = False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == "0000":
            gap = True
            continue
        for position, digit in enumerate(group):
            power = 3 - position
            if digit == "0":
                gap = True
                continue
            if gap and pieces and not japanese:
                pieces.append("零" if digits[0] == "零" else "〇" if digits[0] == "〇" else digits[0])
            gap = False
            one = japanese and digit == "1" and power > 0 and digits[1] == "一"
            pieces.append(("" if one else digits[int(digit)]) + (tens[power - 1] if power else ""))
        if place:
            pieces.append(myriads[place - 1])
    return "".join(pieces)
