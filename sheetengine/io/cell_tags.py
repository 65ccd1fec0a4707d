"""The tags of a block of rows: which they are, whether they stand in the common order, what the cells' attributes say.

In: a `Block` of complete rows. Out: arrays, one element per tag or per cell. Whatever is not of the common form raises `Odd`, and the
part is read by the plain reader instead.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.io.byte_numbers import Block, Places, quoted_number


class Odd(Exception):
    """The block is not of the common form."""


(
    UNKNOWN, ROW, ROW_END, CELL, CELL_END, VALUE, VALUE_EMPTY, VALUE_END, FORMULA, FORMULA_WITH, FORMULA_EMPTY, FORMULA_END,
    INLINE, INLINE_END,
) = range(14)  # fmt: skip

TYPES: Final = ("n", "s", "b", "e", "d", "str", "inlineStr")
TYPE_NUMBER, TYPE_SHARED, TYPE_BOOLEAN, TYPE_ERROR, TYPE_DATE, TYPE_TEXT, TYPE_INLINE = range(7)


def _pair(text: str) -> int:
    return int.from_bytes(text.encode(), "little")


_TAGS: Final = np.zeros(65_536, np.uint8)
for _text, _code in (
    ("c ", CELL), ("/c", CELL_END), ("v>", VALUE), ("v/", VALUE_EMPTY), ("/v", VALUE_END), ("f>", FORMULA), ("f ", FORMULA_WITH),
    ("f/", FORMULA_EMPTY), ("/f", FORMULA_END), ("ro", ROW), ("/r", ROW_END), ("is", INLINE), ("/i", INLINE_END),
):  # fmt: skip
    _TAGS[_pair(_text)] = _code
_VALUE_SPACE = _pair("v ")

_FOLLOWS: Final = np.zeros((16, 16), np.bool_)
for _code, _next in (
    (ROW, (ROW, CELL, ROW_END)),
    (ROW_END, (ROW,)),
    (CELL, (CELL, ROW_END, CELL_END, VALUE, VALUE_EMPTY, FORMULA, FORMULA_WITH, FORMULA_EMPTY, INLINE)),
    (CELL_END, (CELL, ROW_END)),
    (VALUE, (VALUE_END,)),
    (VALUE_EMPTY, (CELL_END,)),
    (VALUE_END, (CELL_END,)),
    (FORMULA, (FORMULA_END,)),
    (FORMULA_WITH, (FORMULA_END, VALUE, VALUE_EMPTY, CELL_END)),
    (FORMULA_EMPTY, (VALUE, VALUE_EMPTY, CELL_END)),
    (FORMULA_END, (VALUE, VALUE_EMPTY, CELL_END)),
    (INLINE, (INLINE_END,)),
    (INLINE_END, (CELL_END,)),
):
    _FOLLOWS[_code, list(_next)] = True
_FOLLOWS_FLAT = _FOLLOWS.ravel()

_TYPE_OF: Final = np.full(65_536, 255, np.uint8)
for _text, _code in (
    ('n"', TYPE_NUMBER), ('s"', TYPE_SHARED), ('b"', TYPE_BOOLEAN), ('e"', TYPE_ERROR), ('d"', TYPE_DATE), ("st", TYPE_TEXT), ("in", TYPE_INLINE),
):  # fmt: skip
    _TYPE_OF[_pair(_text)] = _code

_QUAD = {name: np.uint32(_pair(name)) for name in (' r="', ' s="', ' t="', " cm=", " vm=", " ph=", 'str"')}
_PRESERVE = [np.uint64(int.from_bytes(b' xml:space="preserve">'[at : at + 8], "little")) for at in (0, 8, 14)]
PRESERVE_LENGTH: Final = len(' xml:space="preserve"')
_INLINE_WORD = np.uint64(int.from_bytes(b"inlineSt", "little"))


class Tags(NamedTuple):
    """Places of `<`, which tags they begin, and for each the number of its cell in the block."""

    places: Places
    codes: NDArray[np.uint8]
    cells: Places


def find_tags(block: Block) -> Tags:
    """The tags of a block, those within `<is>` left out; raises `Odd` if they do not stand in the common order."""
    places = np.flatnonzero(block.bytes == ord("<"))
    pairs = block.pairs[places + 1]
    codes = _TAGS[pairs]
    spaced = np.flatnonzero(pairs == _VALUE_SPACE)
    if len(spaced):
        where = places[spaced]
        kept = block.words[where + 2] == _PRESERVE[0]
        kept &= (block.words[where + 10] == _PRESERVE[1]) & (block.words[where + 16] == _PRESERVE[2])
        codes[spaced] = np.where(kept, VALUE, np.where(block.pairs[where + 3] == _pair("/>"), VALUE_EMPTY, UNKNOWN))
    inline = np.flatnonzero(codes == INLINE)
    if len(inline):
        places, codes = _without_inline(places, codes)
    if not len(codes) or codes[0] != ROW or codes[-1] not in (ROW_END, ROW):
        raise Odd
    if not _FOLLOWS_FLAT[codes[:-1] * np.uint8(16) + codes[1:]].all():
        raise Odd
    return Tags(places, codes, np.cumsum(codes == CELL) - 1)


def _without_inline(places: Places, codes: NDArray[np.uint8]) -> tuple[Places, NDArray[np.uint8]]:
    """Drop the tags between `<is>` and `</is>`."""
    depth = np.cumsum((codes == INLINE).astype(np.int8) - (codes == INLINE_END).astype(np.int8), dtype=np.int32)
    keep = (depth <= 0) | (codes == INLINE)
    if depth.max() > 1 or depth.min() < 0:
        raise Odd
    return places[keep], codes[keep]


class Cells(NamedTuple):
    """What the attributes of the cells of a block say; `metadata` is None where no cell has `cm`."""

    rows: Places
    columns: Places
    styles: NDArray[np.int32]
    types: NDArray[np.uint8]
    metadata: NDArray[np.int32] | None


def read_cells(block: Block, tags: Tags) -> Cells:
    """Address, style and type of every cell."""
    index = np.flatnonzero(tags.codes == CELL)
    places = tags.places[index]
    following = tags.codes[index + 1] if len(index) else tags.codes[:0]
    alone = (following == CELL) | (following == ROW_END)
    if not (block.quads[places + 2] == _QUAD[' r="']).all():
        raise Odd
    words = block.words[places + 6]
    columns, letters = _columns(words)
    rows, digits, good = quoted_number(block, places + 6 + letters)
    if not good.all() or not ((rows >= 1) & (rows <= MAX_ROWS)).all() or (block.bytes[places + 6 + letters] == ord("0")).any():
        raise Odd
    styles, types, metadata = _attributes(block, places + 7 + letters + digits.astype(np.int64), alone)
    return Cells(rows.astype(np.int64) - 1, columns, styles, types, metadata)


def _columns(words: NDArray[np.uint64]) -> tuple[Places, Places]:
    """Column and number of letters of the addresses that begin the words."""
    first = (words & np.uint64(0xFF)).astype(np.int64) - 64
    second = ((words >> np.uint64(8)) & np.uint64(0xFF)).astype(np.int64) - 64
    if len(first) and not (first.min() > 0 and first.max() <= 26):
        raise Odd
    two = second > 0
    if not two.any():
        return first - 1, np.ones(len(first), np.int64)
    third = ((words >> np.uint64(16)) & np.uint64(0xFF)).astype(np.int64) - 64
    three = two & (third > 0)
    columns = np.where(two, first * 26 + second, first)
    columns = np.where(three, columns * 26 + third, columns) - 1
    if columns.max() >= MAX_COLUMNS or (two & (second > 26)).any() or (three & (third > 26)).any():
        raise Odd
    return columns, 1 + two.astype(np.int64) + three


def _attributes(
    block: Block, places: Places, alone: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.int32] | None]:
    """The attributes behind the address, in any order; `places` are where they begin."""
    styles = np.zeros(len(places), np.int32)
    types = np.zeros(len(places), np.uint8)
    metadata: NDArray[np.int32] | None = None
    active: Places | None = None  # None: all
    for _ in range(6):
        quads = block.quads[places]
        ends = (quads & np.uint32(0xFF)) == ord(">")
        slashes = ((quads & np.uint32(0xFFFF)) == _pair("/>")) | ((quads & np.uint32(0xFFFFFF)) == _pair(" />"))
        done = ends | slashes
        if done.any():
            # a cell that closes itself is one that the next tag does not belong to
            if (slashes != (alone if active is None else alone[active]))[done].any():
                raise Odd
            if done.all():
                return styles, types, metadata
            going = np.flatnonzero(~done)
            active = going if active is None else active[going]
            places, quads = places[going], quads[going]
        style, kind = quads == _QUAD[' s="'], quads == _QUAD[' t="']
        places = places.copy()
        if (chosen := np.flatnonzero(style)).size:
            value, digits, good = quoted_number(block, places[chosen] + 4)
            if not good.all():
                raise Odd
            styles[chosen if active is None else active[chosen]] = value
            places[chosen] += 5 + digits.astype(np.int64)
        if (chosen := np.flatnonzero(kind)).size:
            found, lengths = _types(block, places[chosen] + 4)
            types[chosen if active is None else active[chosen]] = found
            places[chosen] += 5 + lengths
        other = np.flatnonzero(~(style | kind))
        if len(other):
            is_metadata = quads[other] == _QUAD[" cm="]
            ignored = (quads[other] == _QUAD[" vm="]) | (quads[other] == _QUAD[" ph="])
            if not (is_metadata | ignored).all() or not (block.bytes[places[other] + 4] == ord('"')).all():
                raise Odd
            value, digits, good = quoted_number(block, places[other] + 5)
            if not good.all():
                raise Odd
            if is_metadata.any():
                if metadata is None:
                    metadata = np.zeros(len(styles), np.int32)
                metadata[(other if active is None else active[other])[is_metadata]] = value[is_metadata]
            places[other] += 6 + digits.astype(np.int64)
    raise Odd


def _types(block: Block, places: Places) -> tuple[NDArray[np.uint8], Places]:
    """The types that begin at the places, and how many letters they have."""
    found = _TYPE_OF[block.pairs[places]]
    lengths = np.ones(len(places), np.int64)
    long = np.flatnonzero(found >= TYPE_TEXT)
    if len(long):
        text = found[long] == TYPE_TEXT
        where = places[long]
        good = np.where(text, block.quads[where] == _QUAD['str"'], block.words[where] == _INLINE_WORD)
        tail = (block.quads[where + 8] & np.uint32(0xFFFF)) == _pair('r"')
        if not (good & (text | tail)).all() or (found[long] == 255).any():
            raise Odd
        lengths[long] = np.where(text, 3, 9)
    return found, lengths
