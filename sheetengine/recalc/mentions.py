"""What the texts of formulas mention: names, sheets, tables, functions, as `kind:name` in lower case.

In: blocks as they are entered and dropped. Out: the blocks that something concerns which appeared, changed or went, without a look at
any other formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Set

from sheetengine.compiler.operands import mentions_of
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.book import Book


class Mentions:
    """Blocks by what their texts mention; members of a family may mention different names."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._blocks: dict[str, set[int]] = {}
        self._by_block: dict[int, set[str]] = {}

    def note(self, block: AnyBlock, known: set[str] | None = None) -> None:
        """Enter what a block's texts mention; `known`: where that is known already."""
        found = known
        if found is None:
            operands = block.operands if isinstance(block, Block) else block.spellings()
            scope = self._book.scope(block.sheet)
            found = mentions_of(block.program.shape, operands, scope, *block.cell(0)) | block.program.recipe.mentions
        self._by_block[block.id] = found
        for mention in found:
            self._blocks.setdefault(mention, set()).add(block.id)

    def forget(self, block: AnyBlock) -> None:
        """Take out what a block's texts mentioned."""
        for mention in self._by_block.pop(block.id):
            self._blocks[mention].discard(block.id)

    def of(self, block: AnyBlock) -> set[str]:
        """What a block's texts mention."""
        return self._by_block[block.id]

    def blocks(self, mentions: Iterable[str]) -> set[int]:
        """The blocks that mention any of these."""
        none: Set[int] = frozenset()
        return {number for mention in mentions for number in self._blocks.get(mention, none)}

    def check_invariants(self, blocks: Iterable[AnyBlock]) -> None:
        """Every block is entered, under all that its program mentions, and no other is."""
        known = {block.id: block for block in blocks}
        assert set().union(*self._blocks.values()) <= set(known) == set(self._by_block)
        assert all(block.id in self._blocks.get(mention, ()) for block in known.values() for mention in block.program.recipe.mentions)


__all__ = ["Mentions"]
