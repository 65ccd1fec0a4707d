"""What the text functions share: characters as Excel counts them, and answers over many texts at once.

Excel counts UTF-16 code units: an emoji is two characters for LEN, MID, FIND and their like. A Python text counts code points, so a
text with characters beyond U+FFFF is spread into surrogates before it is cut and gathered again afterwards; all others, nearly all, are
cut as they are.
"""

from __future__ import annotations

import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, Final

import numpy as np

from sheetengine.coerce import MOST_CHARACTERS, to_text
from sheetengine.functions.context import Context
from sheetengine.grid import Grid
from sheetengine.tails import Tailed
from sheetengine.values import MISSING, VALUE, CellError, Lambda, Reference, Scalar

CATEGORY: Final = "text"
SOURCE: Final = "Microsoft Support: {} function"
NOT_FOUND: Final = CellError("#VALUE!", "the text is not found")


# -- code units ----------------------------------------------------------------------------------------------------------


def is_wide(text: str) -> bool:
    """Whether a text has characters that are two code units."""
    return not text.isascii() and max(text) > "\uffff"


def spread(text: str) -> str:
    """The text with one character for each code unit.

    >>> len(spread("a😀")), gather(spread("a😀")) == "a😀"
    (3, True)
    """
    if text.isascii() or max(text) <= "\uffff":
        return text
    return "".join(map(chr, array.array("H", text.encode("utf-16-le", "surrogatepass"))))


def gather(text: str) -> str:
    """Surrogates that stand in pairs as the characters they make; a lone one stays."""
    if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def length(text: str) -> int:
    """The length that LEN gives.

    >>> length("abc"), length("😀")
    (3, 2)
    """
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


# -- case ----------------------------------------------------------------------------------------------------------------


def upper(text: str) -> str:
    """Letters in capitals, one for one: ß stays as it is.

    >>> upper("straße é")
    'STRAßE É'
    """
    if text.isascii():
        return text.upper()
    changed = text.upper()
    return changed if len(changed) == len(text) else "".join([one if len(one := letter.upper()) == 1 else letter for letter in text])


def lower(text: str) -> str:
    """Letters in lower case, one for one.

    >>> lower("ΑΣ İ") == "ασ İ"
    True
    """
    if text.isascii():
        return text.lower()
    changed = text.lower()
    if len(changed) == len(text) and "Σ" not in text:
        return changed
    return "".join([one if len(one := letter.lower()) == 1 else letter for letter in text])


# -- answers over lanes --------------------------------------------------------------------------------------------------


def lanes(*values: Any) -> Iterator[tuple[Any, ...]]:
    """The arguments of a vector form, lane by lane."""
    count = next(len(value) for value in values if isinstance(value, np.ndarray))
    return zip(*(value.tolist() if isinstance(value, np.ndarray) else repeat(value, count) for value in values), strict=False)


def texts(answers: list[str]) -> Grid:
    """Answers that are no longer than the texts they were made of."""
    return Grid.from_texts(answers, (len(answers),))


def mixed(answers: Sequence[Scalar]) -> Grid:
    """Answers of any kind; texts that no cell can hold become #VALUE!."""
    return Grid.from_flat([fitting(value) if type(value) is str else value for value in answers], (len(answers),))


def fitting(text: str) -> str | CellError:
    """The text, or #VALUE! where no cell can hold it."""
    if len(text) * 2 <= MOST_CHARACTERS or length(text) <= MOST_CHARACTERS:
        return text
    return CellError("#VALUE!", f"a text has at most {MOST_CHARACTERS:,} characters")


# -- arguments taken whole -----------------------------------------------------------------------------------------------


def scalars_of(argument: object, context: Context, blanks: bool = True) -> Iterable[Scalar]:
    """The values of an argument, row by row; without `blanks` empty cells beyond what is used may be left out, and empty texts at the end of an array."""
    if isinstance(argument, Reference):
        for area in argument.areas:
            if area.height == area.width == 1:
                yield context.cell(area.sheet, area.top, area.left)
                continue
            used = area if blanks else context.used(area)
            if used is not None:
                yield from context.read(used).flat()
    elif isinstance(argument, Grid):
        # Of rows at the end that say nothing, neither does the number.
        silent = not blanks and isinstance(argument, Tailed) and not any(map(_says, argument.last.flat()))
        yield from (argument.head if silent else argument).flat()  # type: ignore[attr-defined]  # it is one with a tail
    elif isinstance(argument, Lambda):
        yield VALUE
    else:
        yield None if argument is MISSING else argument  # type: ignore[misc]  # a scalar


def _says(value: Scalar) -> bool:
    return value is not None and value != ""


def delimiters_of(argument: object, context: Context) -> list[str] | CellError:
    """The texts of an argument that may be one delimiter or an array of them."""
    found: list[str] = []
    for value in scalars_of(argument, context):
        text = to_text(value)
        if isinstance(text, CellError):
            return text
        found.append(text)
    return found


@lru_cache(maxsize=1024)
def folded(text: str) -> str:
    """The text in lower case, kept: the needle of a search is the same for all lanes."""
    return lower(text)
