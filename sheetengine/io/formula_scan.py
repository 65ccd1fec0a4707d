"""The formulas of a block of rows, scanned by arithmetic on bytes.

In: a `Block` with its tags and cells, texts cut out of it. Out: formulas in `FormulaColumns`. Runs of cells that follow one shared
formula are taken as arrays. Whatever is not of the common form raises `Odd`.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import BLANK
from sheetengine.io import cell_tags
from sheetengine.io.byte_numbers import Block, Places, quoted_number
from sheetengine.io.cell_tags import Cells, Odd, Tags
from sheetengine.io.cell_values import CellProblem
from sheetengine.io.document import NO_GROUP
from sheetengine.io.formula_cells import FormulaColumns
from sheetengine.io.text_slices import TextSlices

_MOST_KNOWN: Final = 10_000
_ATTRIBUTE = re.compile(r"\s+([\w:]+)=\"([^\"<&]*)\"")
_NONE: Final[dict[str, str]] = {}
_FOLLOWER: Final = tuple(np.uint64(int.from_bytes(part, "little")) for part in (b't="share', b'd" si="'))
_SEVEN: Final = np.uint64(int.from_bytes(b"\xff" * 7, "little"))
_FOLLOWER_END: Final = np.uint32(int.from_bytes(b'"/>', "little"))


class FormulaScan:
    """Collects the formulas of a sheet, block by block."""

    def __init__(self, formulas: FormulaColumns) -> None:
        self.formulas = formulas
        self.count = 0
        """Cells before the block."""
        self.attributes: dict[str, dict[str, str]] = {}
        self.followers: dict[str, str] = {}

    def block(self, block: Block, tags: Tags, cells: Cells, texts: TextSlices, kinds: NDArray[np.uint8], before: int) -> NDArray[np.bool_]:
        """Take the formulas of a block, `before` which stand so many cells; the answer says which cells have one and no value."""
        self.count = before
        codes = tags.codes
        missing = np.zeros(len(kinds), np.bool_)
        index = np.flatnonzero((codes == cell_tags.FORMULA) | (codes == cell_tags.FORMULA_WITH))
        if not len(index):
            return missing
        owners = tags.cells[index]
        starts, ends = tags.places[index] + 3, tags.places[index + 1]
        if (codes[index] == cell_tags.FORMULA).all() and not (block.bytes[starts] == ord("=")).any():
            found = texts.many(starts, ends)
            if (starts < ends).all():
                is_formula: NDArray[np.bool_] | None = None
                self.formulas.extend((owners + self.count).tolist(), found)
            else:
                is_formula = starts < ends
                self.formulas.extend((owners[is_formula] + self.count).tolist(), [text for text in found if text])
        else:
            is_formula = self._formulas_with(block, codes[index], owners, cells, texts, starts, ends)
        holders = owners if is_formula is None else owners[is_formula]
        missing[holders] = kinds[holders] == BLANK
        return missing

    def _formulas_with(
        self, block: Block, codes: NDArray[np.uint8], owners: Places, cells: Cells, texts: TextSlices, starts: Places, ends: Places
    ) -> NDArray[np.bool_]:
        """Formulas of which some have attributes."""
        group_names = self._followers(block, codes, starts, ends)
        others = np.flatnonzero(group_names < 0)
        if 8 * len(others) > len(codes):
            return np.array(self._one_by_one(codes, owners, cells, texts, starts, ends), np.bool_)
        # Nearly all are `t="shared" si="0"/>`: runs of them are taken as arrays, between the formulas that have a text.
        is_formula = np.ones(len(codes), np.bool_)
        begin = 0
        for place in [*others.tolist(), len(codes)]:
            if place > begin and not self.formulas.follow(owners[begin:place] + self.count, group_names[begin:place]):
                raise Odd
            if place < len(codes):
                one = slice(place, place + 1)
                is_formula[place] = self._one_by_one(codes[one], owners[one], cells, texts, starts[one], ends[one])[0]
            begin = place + 1
        return is_formula

    def _followers(self, block: Block, codes: NDArray[np.uint8], starts: Places, ends: Places) -> Places:
        """The `si` of each formula that is nothing but a follower of a shared one, -1 for any other."""
        found = np.full(len(codes), -1, np.int64)
        chosen = np.flatnonzero((codes == cell_tags.FORMULA_WITH) & (ends - starts >= 19))
        places = starts[chosen]
        first, second = block.words[places], block.words[places + 8] & _SEVEN
        fits = (first == _FOLLOWER[0]) & (second == _FOLLOWER[1])
        chosen, places = chosen[fits], places[fits]
        value, digits, good = quoted_number(block, places + 15)
        behind = places + 15 + digits.astype(np.int64)
        good &= (behind + 3 == ends[chosen]) & ((block.quads[behind] & np.uint32(0xFFFFFF)) == _FOLLOWER_END)
        found[chosen[good]] = value[good]
        return found

    def _one_by_one(
        self, codes: NDArray[np.uint8], owners: Places, cells: Cells, texts: TextSlices, starts: Places, ends: Places
    ) -> list[bool]:
        formulas, known, followers = self.formulas, self.attributes, self.followers
        add_cell, add_text, add_group = formulas.cells.append, formulas.texts.append, formulas.shared.append
        groups = formulas.current
        is_formula = []
        found = texts.many(starts, ends, clean=False)
        for plain, cell, text in zip((codes == cell_tags.FORMULA).tolist(), owners.tolist(), found, strict=True):
            if not plain and text in followers and (group := groups.get(followers[text])) is not None:
                # by far the most frequent in Excel's files, so without a call: `t="shared" si="0"/>`
                add_cell(cell + self.count)
                add_text(None)
                add_group(group)
                is_formula.append(True)
                continue
            if plain:
                attributes, body = _NONE, text
            elif text.endswith("/>"):
                attributes, body = known.get(text[:-2]) or self._attributes(text[:-2]), ""
                if len(attributes) == 2 and attributes.get("t") == "shared" and "si" in attributes:
                    followers[text] = attributes["si"]
            else:
                opening, closed, body = text.partition(">")
                if not closed:
                    raise Odd
                attributes = known.get(opening) or self._attributes(opening)
            body = texts.clean(body)
            if body and "t" not in attributes and body[0] != "=":
                add_cell(cell + self.count)
                add_text(body)
                add_group(NO_GROUP)
                is_formula.append(True)
                continue
            metadata = 0 if cells.metadata is None else int(cells.metadata[cell])
            row, column = int(cells.rows[cell]), int(cells.columns[cell])
            try:
                is_formula.append(formulas.add(cell + self.count, row, column, attributes, body, metadata))
            except CellProblem:
                raise Odd from None
        return is_formula

    def _attributes(self, opening: str) -> dict[str, str]:
        """The attributes in the text of a tag, which are the same in many."""
        data = " " + opening.rstrip()
        attributes = {}
        end = 0
        for match in _ATTRIBUTE.finditer(data):
            if match.start() != end:
                raise Odd
            end = match.end()
            attributes[match[1]] = match[2]
        if end != len(data):
            raise Odd
        if len(self.attributes) > _MOST_KNOWN:
            self.attributes.clear()
        self.attributes[opening] = attributes
        return attributes
