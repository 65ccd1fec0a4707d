"""The distinct texts of a workbook, each held once and known by a number.

In: texts; out: their ids, which planes hold as float64, and texts again.
Invariants: ids count from 0 without gaps; one text has one id; an id keeps its text until `forget_unused`, which renumbers in every
store of the pool, and which is called where nothing else holds an id: between rounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Protocol
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import Texts

LEAST_CROWD: Final = 65_536
"""So many texts are never looked through for those that are no longer used."""


class Holder(Protocol):
    """What holds ids of a pool: a store."""

    def mark_texts(self, used: NDArray[np.bool_]) -> None:
        """Mark the ids that it holds."""
        ...

    def renumber_texts(self, numbers: NDArray[np.int64]) -> None:
        """Hold the new id of each old one."""
        ...


class _Ids(dict[str, int]):
    """The id of every text; asking for a new one gives it the next id.

    `__missing__` lets `map(ids.__getitem__, texts)` run in C for all texts that are known: 25 ns each.
    """

    __slots__ = ("plane", "pool")

    def __init__(self, pool: TextPool) -> None:
        super().__init__()
        self.plane: Texts = np.empty(16, dtype=object)
        self.pool = pool

    def __missing__(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"only texts go into the pool, not {text!r}")
        text = str(text)  # np.str_ and other subclasses would come back out of cells as what they are
        known = len(self)
        plane = self.plane
        if known == len(plane):
            self.plane = np.empty(2 * known, dtype=object)
            self.plane[:known] = plane
            plane = self.plane
            self.pool.crowded |= known >= self.pool.enough
        plane[known] = text
        self[text] = known
        return known


class TextPool:
    """Texts by number and numbers by text.

    >>> pool = TextPool()
    >>> pool.intern("ash"), pool.intern("oak"), pool.intern("ash")
    (0, 1, 0)
    >>> pool.text(1), len(pool)
    ('oak', 2)
    """

    __slots__ = ("__weakref__", "_holders", "_ids", "crowded", "enough", "intern")

    def __init__(self) -> None:
        self._ids = _Ids(self)
        self._holders: WeakSet[Holder] = WeakSet()
        self.crowded = False
        """Whether there are so many more texts than were used at last that half of them may be forgotten."""
        self.enough = LEAST_CROWD
        self.intern = self._ids.__getitem__
        """The id of a text, which is given one where it is new."""

    def copy(self) -> TextPool:
        """A pool of the same texts under the same numbers."""
        twin = TextPool()
        twin._ids.update(self._ids)
        twin._ids.plane = self._ids.plane.copy()
        twin.enough, twin.crowded = self.enough, self.crowded
        return twin

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, text: object) -> bool:
        return text in self._ids

    def find(self, text: str) -> int:
        """The id of a text, -1 where it has none; unlike `intern` it adds nothing."""
        return self._ids.get(text, -1)

    def text(self, number: int) -> str:
        """The text of an id."""
        found: str = self._ids.plane[number]
        return found

    def take(self, ids: NDArray[Any]) -> Texts:
        """The texts of many ids, in an object array of the same shape.

        >>> pool = TextPool()
        >>> pool.take(pool.intern_all(["b", "a", "b"])).tolist()
        ['b', 'a', 'b']
        """
        found: Texts = self._ids.plane.take(np.asarray(ids).astype(np.intp))
        return found

    def intern_all(self, texts: Iterable[str]) -> NDArray[np.int64]:
        """The ids of many texts.

        >>> TextPool().intern_all(["b", "a", "b"]).tolist()
        [0, 1, 0]
        """
        texts = texts if isinstance(texts, list) else list(texts)
        return np.fromiter(map(self._ids.__getitem__, texts), np.int64, len(texts))

    def find_all(self, texts: list[str]) -> NDArray[np.int64]:
        """The ids of many texts, -1 for those that have none; adds nothing.

        >>> pool = TextPool()
        >>> _ = pool.intern("oak")
        >>> pool.find_all(["oak", "elm"]).tolist()
        [0, -1]
        """
        get = self._ids.get
        return np.fromiter([get(text, -1) for text in texts], np.int64, len(texts))

    def held_by(self, holder: Holder) -> None:
        """Remember who holds ids, as long as it is there."""
        self._holders.add(holder)

    def all_used(self) -> None:
        """The texts there are count as used: a file was opened."""
        self.enough, self.crowded = max(LEAST_CROWD, 2 * len(self)), False

    def forget_unused(self) -> None:
        """Forget the texts that no store holds, where they are more than half; the others get new ids, in the stores too.

        Called when texts have doubled since last time, it costs each new text a constant share.
        """
        used = np.zeros(len(self), np.bool_)
        for holder in self._holders:
            holder.mark_texts(used)
        if 2 * int(np.count_nonzero(used)) < len(used):
            numbers = np.where(used, np.cumsum(used) - 1, -1)
            kept = self._ids.plane[: len(used)][used]
            self._ids.clear()
            self._ids.plane = np.empty(max(16, len(kept)), dtype=object)
            self._ids.plane[: len(kept)] = kept
            self._ids.update(zip(kept.tolist(), range(len(kept)), strict=True))
            for holder in self._holders:
                holder.renumber_texts(numbers)
        self.all_used()
