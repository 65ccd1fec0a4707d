"""Which line of one sequence is which line of another, after insertions, deletions and changes.

In: two sequences of line fingerprints. Out: for each line of the first its place in the second, or None. Invariants: places ascend; a
line that is the same and unique on both sides is matched unless a longer run of such lines crosses it (patience diff, by Bram Cohen).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence


def align(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[int | None]:
    """Match lines; lines between matched ones that are as many on both sides are taken as changed in place.

    >>> align("abcdef", "abXcdf")
    [0, 1, 3, 4, None, 5]
    """
    found: list[int | None] = [None] * len(one)
    waiting = [(0, len(one), 0, len(other))]
    while waiting:
        first, last, begin, end = waiting.pop()
        while first < last and begin < end and one[first] == other[begin]:
            found[first] = begin
            first, begin = first + 1, begin + 1
        while first < last and begin < end and one[last - 1] == other[end - 1]:
            last, end = last - 1, end - 1
            found[last] = end
        if first == last or begin == end:
            continue
        anchors = _anchors(one, other, first, last, begin, end)
        if not anchors:
            if last - first == end - begin:
                for step in range(last - first):
                    found[first + step] = begin + step
            continue
        before = (first - 1, begin - 1)
        for anchor in [*anchors, (last, end)]:
            waiting.append((before[0] + 1, anchor[0], before[1] + 1, anchor[1]))
            if anchor[0] < last:
                found[anchor[0]] = anchor[1]
            before = anchor
    return found


def _anchors(one: Sequence[Hashable], other: Sequence[Hashable], first: int, last: int, begin: int, end: int) -> list[tuple[int, int]]:
    """Lines that are unique on both sides, in the longest run of ascending places."""
    left, right = Counter(one[first:last]), Counter(other[begin:end])
    places = {line: place for place, line in enumerate(other[begin:end], begin) if right[line] == 1}
    pairs = [(place, places[one[place]]) for place in range(first, last) if left[one[place]] == 1 and one[place] in places]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        at = bisect_left(tails, place)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [place]
        ends[at : at + 1] = [index]
    run = []
    index = ends[-1] if ends else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]


def inserted(places: Sequence[int | None], count: int) -> list[tuple[int, int]]:
    """The runs of lines of the second sequence, `count` in all, that no line of the first is matched with.

    >>> inserted([0, 3, None], 5)
    [(1, 2), (4, 4)]
    """
    taken = {place for place in places if place is not None}
    return runs([place for place in range(count) if place not in taken])


def runs(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as runs, first and last."""
    found: list[tuple[int, int]] = []
    for line in lines:
        if found and found[-1][1] == line - 1:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return found
