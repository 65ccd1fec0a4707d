"""The order of texts as Excel compares and sorts them: `<`, criteria, lookups, SORT alike.

In: texts. Out: forms and keys that compare like them. Invariant: two texts have equal keys where they are equal without regard to
case, and only there.

Texts follow the linguistic order of Windows (English): accents count only between texts that are otherwise the same, hyphens and
apostrophes too; blanks and signs come before digits, digits before letters (Microsoft Support, "Sort data in a range or table").
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final


def fold_case(text: str) -> str:
    """The form in which texts are equal that Excel takes for equal: letters without case, accents kept.

    >>> fold_case("Straße") == fold_case("STRASSE"), fold_case("É") == fold_case("e")
    (False, False)
    """
    return text.lower()


_SIGNS: Final = ' !"#$%&()*,./:;?@[\\]^_`{|}~+<=>'
_IGNORED: Final = "'-"
# Signs take the codes below the digits: 0 and 1 are separators, tab and its kin come first as they are.
_PRIMARY: Final = {
    **{ord(sign): 2 + place for place, sign in enumerate(_SIGNS)},
    **dict.fromkeys(map(ord, _IGNORED)),
    ord("ß"): "ss",
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("ø"): "o",
    ord("đ"): "d",
    ord("ł"): "l",
}


@lru_cache(maxsize=1 << 16)
def order_key(text: str) -> str:
    """A text whose plain order is Excel's order.

    >>> sorted(["z", "é", "f", "E", "e", "co-op", "coop", "_", "1"], key=order_key)
    ['_', '1', 'coop', 'co-op', 'E', 'e', 'é', 'f', 'z']
    """
    folded = fold_case(text)
    if folded.isascii():
        if folded.isalnum():
            return f"{folded}\0\0{folded}"
        primary = folded.translate(_PRIMARY)
        ignored = len(folded) - len(primary)
    else:
        decomposed = unicodedata.normalize("NFD", folded)
        primary = "".join([letter for letter in decomposed if not unicodedata.combining(letter)]).translate(_PRIMARY)
        ignored = folded.count("'") + folded.count("-")
    return f"{primary}\0{chr(min(ignored, 0xD000))}{folded}"
