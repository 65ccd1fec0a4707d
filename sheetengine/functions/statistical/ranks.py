"""What order says of numbers: medians, percentiles, ranks, the k-th largest; trimmed means.

In: numbers of a sample, and the place asked for. Out: the number there, or the rank. One kernel each, over sorted samples (one for
all lanes, or one a lane), serves the lanes of a block and a batch of ranges; the single formula does the same in plain numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sheetengine.coerce import overlay_errors
from sheetengine.functions.arguments import sorted_numbers
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.math.rounding import plane_round_digits
from sheetengine.functions.signature import AllNumbers, Number, Ref, Sorted
from sheetengine.functions.statistical.densities import CATEGORY, SOURCE
from sheetengine.functions.windows import numbers_only, stacked_errors
from sheetengine.grid import Grid
from sheetengine.values import DIV0, DIV0_ID, NA, NA_ID, NUM, NUM_ID, CellError, Reference, Scalar

Plane: TypeAlias = NDArray[np.float64]
Kernel: TypeAlias = Callable[[Plane, Plane, Any], Grid]
"""Of samples sorted along their second axis (one, or one a lane; beyond its count each has infinities), their counts, and a number a
lane."""

_PORTION: Final = 1 << 20

# -- forms for many lanes -------------------------------------------------------------------------------------


def _lanes(kernel: Kernel) -> Callable[..., Grid]:
    """The vector form: one sample, a number for each lane."""

    def vector(sample: Any, place: Any) -> Grid:
        places = np.atleast_1d(np.asarray(place, np.float64))
        return kernel(sample[None, :], np.array([float(sample.size)]), places)

    return vector


def _batch(kernel: Kernel) -> Callable[..., Grid | None]:
    """The batch form: a range for each member, sorted some at a time."""

    def batch(array: Grid, k: Grid | None = None) -> Grid | None:
        if k is not None and (k.shape[1:] != (1, 1) or k.kinds is not None):
            return None
        places = np.zeros(1) if k is None else k.numbers.ravel()
        members, height, width = array.shape
        portion = max(1, _PORTION // (height * width))
        answers = []
        for first in range(0, members, portion):
            part = array[first : first + portion]
            lines, counted = numbers_only(part)
            samples = lines.reshape((-1, height * width))
            if counted is None:
                counts = np.full(len(samples), float(height * width))
            else:
                chosen = counted.reshape(samples.shape)
                samples, counts = np.where(chosen, samples, np.inf), np.count_nonzero(chosen, axis=1).astype(np.float64)
            answer = kernel(np.sort(samples, axis=1), counts, places[first : first + portion] if len(places) == members else places)
            errors = stacked_errors(part)
            if errors is not None:
                answer = overlay_errors(answer.broadcast(np.broadcast_shapes(answer.shape, errors.shape)), errors)
            answers.append(answer)
        return answers[0] if len(answers) == 1 else _joined(answers)

    return batch


def _joined(parts: Sequence[Grid]) -> Grid:
    kinds = None if all(part.kinds is None for part in parts) else np.concatenate([part.kind_plane() for part in parts])
    return Grid(np.concatenate([part.numbers for part in parts]), kinds)


def _at(samples: Plane, index: Any) -> Plane:
    """The number at a place of each lane's sample; places outside give some number, for the caller to leave out."""
    if samples.shape[1] == 0:
        return np.zeros(np.shape(index))
    inside = np.clip(index, 0, samples.shape[1] - 1).astype(np.int64)
    if len(samples) == 1:
        shared: Plane = samples[0, inside]
        return shared
    inside = np.broadcast_to(inside, (len(samples),))
    found: Plane = samples[np.arange(len(samples)), inside]
    return found


def _answer(numbers: Any, wrong: Any, error: int = NUM_ID) -> Grid:
    answer = Grid.from_numbers(np.where(wrong, 0.0, numbers))
    return overlay_errors(answer, np.where(wrong, error, -1)) if np.any(wrong) else answer


def _between(samples: Plane, place: Any, counts: Plane) -> Plane:
    """The number at a place counted from 0, straight lines between neighbours."""
    below = np.floor(place)
    low, high = _at(samples, below), _at(samples, np.minimum(below + 1.0, counts - 1.0))
    share = place - below
    return np.where(share == 0.0, low, low + share * (high - low))


# -- the k-th ----------------------------------------------------------------------------------------------------------


def _at_place(sample: Plane, place: float) -> float:
    """`_between` of one sample."""
    below = math.floor(place)
    low = float(sample[below])
    if place == below:
        return low
    return low + (place - below) * (float(sample[min(below + 1, len(sample) - 1)]) - low)


def _largest(samples: Plane, counts: Plane, k: Any) -> Grid:
    return _answer(_at(samples, counts - np.ceil(k)), (k < 1.0) | (k > counts))


def _smallest(samples: Plane, counts: Plane, k: Any) -> Grid:
    return _answer(_at(samples, np.floor(k) - 1.0), (k < 1.0) | (k > counts))


@function(
    "LARGE", category=CATEGORY, summary="The k-th largest of numbers.", examples={"=LARGE({3,5,3,5,4},3)": 4.0, "=LARGE({3,4,5,2,3,4,6,4,7},7)": 3.0},
    source=SOURCE.format("LARGE"), vector=_lanes(_largest), batch=_batch(_largest),
)  # fmt: skip
def kth_largest(array: Sorted, k: Number) -> Scalar:
    """A k that is not whole counts up (books saved by Excel); outside 1 to the count, before that, is #NUM!."""
    return float(array[array.size - math.ceil(k)]) if 1.0 <= k <= array.size else NUM


@function(
    "SMALL", category=CATEGORY, summary="The k-th smallest of numbers.", examples={"=SMALL({3,4,5,2,3,4,6,4,7},4)": 4.0, "=SMALL({1,4,8,3,7,12,54,8,23},2)": 3.0},
    source=SOURCE.format("SMALL"), vector=_lanes(_smallest), batch=_batch(_smallest),
)  # fmt: skip
def kth_smallest(array: Sorted, k: Number) -> Scalar:
    """A k that is not whole is cut; outside 1 to the count, before that, is #NUM!."""
    return float(array[math.floor(k) - 1]) if 1.0 <= k <= array.size else NUM


def _median(samples: Plane, counts: Plane, _: Any) -> Grid:
    low, high = _at(samples, np.floor((counts - 1.0) / 2.0)), _at(samples, np.floor(counts / 2.0))
    return _answer(np.where(low == high, low, (low + high) / 2.0), counts == 0.0)


@function(
    "MEDIAN", category=CATEGORY, summary="The number in the middle; of an even count the mean of both.",
    examples={"=MEDIAN(1,2,3,4,5)": 3.0, "=MEDIAN(1,2,3,4,5,6)": 3.5}, source=SOURCE.format("MEDIAN"),
    batch=lambda *arrays: _batch(_median)(*arrays) if len(arrays) == 1 else None,
)  # fmt: skip
def median(number: AllNumbers) -> Scalar:
    """#NUM! where there is no number."""
    count = number.size
    if not count:
        return NUM
    ordered = np.sort(number)
    low, high = float(ordered[(count - 1) // 2]), float(ordered[count // 2])
    return low if low == high else (low + high) / 2.0


# -- percentiles -------------------------------------------------------------------------------------------------------


def _percentile(samples: Plane, counts: Plane, k: Any) -> Grid:
    wrong = (counts == 0.0) | (k < 0.0) | (k > 1.0)
    return _answer(_between(samples, np.where(wrong, 0.0, k * (counts - 1.0)), counts), wrong)


def _percentile_exclusive(samples: Plane, counts: Plane, k: Any) -> Grid:
    place = k * (counts + 1.0)
    wrong = (counts == 0.0) | (k <= 0.0) | (k >= 1.0) | (place < 1.0) | (place > counts)
    return _answer(_between(samples, np.where(wrong, 0.0, place - 1.0), counts), wrong)


def _quartile(samples: Plane, counts: Plane, quart: Any) -> Grid:
    return _percentile(samples, counts, np.trunc(quart) / 4.0)


def _quartile_exclusive(samples: Plane, counts: Plane, quart: Any) -> Grid:
    return _percentile_exclusive(samples, counts, np.trunc(quart) / 4.0)


@function(
    "PERCENTILE.INC", "PERCENTILE|compatibility|", category=CATEGORY, summary="The number below which a share of the numbers lies, 0 and 1 included.",
    examples={"=PERCENTILE.INC({1,3,2,4},0.3)": 1.9}, source=SOURCE.format("PERCENTILE.INC"), vector=_lanes(_percentile),
    batch=_batch(_percentile), future="_xlfn.",
)  # fmt: skip
def percentile(array: Sorted, k: Number) -> Scalar:
    return _at_place(array, k * (array.size - 1.0)) if array.size and 0.0 <= k <= 1.0 else NUM


@function(
    "PERCENTILE.EXC", category=CATEGORY, summary="The number below which a share of the numbers lies, 0 and 1 excluded.",
    examples={"=PERCENTILE.EXC({1,2,3,6,6,6,7,8,9},0.25)": 2.5, "=PERCENTILE.EXC({1,2,3,6,6,6,7,8,9},0.01)": CellError("#NUM!")},
    source=SOURCE.format("PERCENTILE.EXC"), vector=_lanes(_percentile_exclusive), batch=_batch(_percentile_exclusive), future="_xlfn.",
)  # fmt: skip
def percentile_exclusive(array: Sorted, k: Number) -> Scalar:
    place = k * (array.size + 1.0)
    return _at_place(array, place - 1.0) if 0.0 < k < 1.0 and 1.0 <= place <= array.size else NUM


@function(
    "QUARTILE.INC", "QUARTILE|compatibility|", category=CATEGORY, summary="A quartile: 0 the smallest, 2 the median, 4 the largest.",
    examples={"=QUARTILE.INC({1,2,4,7,8,9,10,12},1)": 3.5}, source=SOURCE.format("QUARTILE.INC"), vector=_lanes(_quartile),
    batch=_batch(_quartile), future="_xlfn.",
)  # fmt: skip
def quartile(array: Sorted, quart: Number) -> Scalar:
    """A quart that is not whole is cut."""
    return percentile(array, math.trunc(quart) / 4.0)


@function(
    "QUARTILE.EXC", category=CATEGORY, summary="A quartile, 1 to 3, by percentiles that exclude 0 and 1.",
    examples={"=QUARTILE.EXC({6,7,15,36,39,40,41,42,43,47,49},1)": 15.0, "=QUARTILE.EXC({6,7,15,36,39,40,41,42,43,47,49},3)": 43.0},
    source=SOURCE.format("QUARTILE.EXC"), vector=_lanes(_quartile_exclusive), batch=_batch(_quartile_exclusive), future="_xlfn.",
)  # fmt: skip
def quartile_exclusive(array: Sorted, quart: Number) -> Scalar:
    """A quart that is not whole is cut."""
    return percentile_exclusive(array, math.trunc(quart) / 4.0)


# -- ranks of a number -------------------------------------------------------------------------------------------------


def _percent_ranks(ordered: Plane, x: Any, significance: Any, first: float, last: float) -> Grid:
    """Ranks as shares: the number at place i (from 0) of n has (i + first) / (n + last); straight lines between neighbours."""
    x, significance = np.asarray(x, np.float64), np.trunc(np.asarray(significance, np.float64))
    if not ordered.size:
        return _answer(np.zeros(x.shape), np.ones(x.shape, bool))
    digits = np.clip(significance, 1.0, 300.0)
    below, above = np.searchsorted(ordered, x, "left"), np.searchsorted(ordered, x, "right")
    outside = (x < ordered[0]) | (x > ordered[-1])
    lower = ordered[np.clip(below - 1, 0, ordered.size - 1)]
    upper = ordered[np.clip(above, 0, ordered.size - 1)]
    share = (x - lower) / np.where(upper == lower, 1.0, upper - lower)
    place = np.where(above > below, below, below - 1.0 + share)
    ranks = (place + first) / (ordered.size + last) if ordered.size + last else np.ones(x.shape)
    cut = plane_round_digits(np.where(outside, 0.0, ranks), digits, "down")
    # More than 308 digits: 10 to that power is no number ([MS-OI29500] 2.1.1015).
    errors = np.where(significance < 1.0, NUM_ID, np.where(outside, NA_ID, np.where(significance > 308.0, DIV0_ID, -1)))
    return Grid.from_numbers_and_errors(cut, errors)


def _percent_rank_forms(first: float, last: float) -> tuple[Callable[..., Grid], Callable[..., Scalar]]:
    def vector(array: Any, x: Any, significance: Any = 3.0) -> Grid:
        with np.errstate(all="ignore"):
            return _percent_ranks(array, x, significance, first, last)

    def one(array: Plane, x: float, significance: float) -> Scalar:
        return vector(array, np.array([x]), np.array([significance])).item(0)

    return vector, one


_inclusive_vector, _inclusive = _percent_rank_forms(0.0, -1.0)
_exclusive_vector, _exclusive = _percent_rank_forms(1.0, 1.0)


@function(
    "PERCENTRANK.INC", "PERCENTRANK|compatibility|", category=CATEGORY, summary="The rank of a number as a share, 0 to 1, cut to some digits.",
    examples={"=PERCENTRANK.INC({13,12,11,8,4,3,2,1,1,1},2)": 0.333, "=PERCENTRANK.INC({13,12,11,8,4,3,2,1,1,1},5)": 0.583},
    source=SOURCE.format("PERCENTRANK.INC"), vector=_inclusive_vector, future="_xlfn.",
)  # fmt: skip
def percent_rank(array: Sorted, x: Number, significance: Number = 3.0) -> Scalar:
    return _inclusive(array, x, significance)


@function(
    "PERCENTRANK.EXC", category=CATEGORY, summary="The rank of a number as a share, 0 and 1 excluded, cut to some digits.",
    examples={"=PERCENTRANK.EXC({1,2,3,6,6,6,7,8,9},7)": 0.7, "=PERCENTRANK.EXC({1,2,3,6,6,6,7,8,9},5.43)": 0.381},
    source=SOURCE.format("PERCENTRANK.EXC"), vector=_exclusive_vector, future="_xlfn.",
)  # fmt: skip
def percent_rank_exclusive(array: Sorted, x: Number, significance: Number = 3.0) -> Scalar:
    return _exclusive(array, x, significance)


def _ranks(ref: Reference, number: Any, order: Any, share: float, context: Context) -> Grid:
    """Ranks from the largest, or with an order from the smallest; equals get the best of theirs plus a share of their number less 1."""
    ordered = sorted_numbers(ref, context)
    if isinstance(ordered, CellError):
        return Grid.full(np.shape(number), ordered)
    number = np.asarray(number, np.float64)
    below, above = np.searchsorted(ordered, number, "left"), np.searchsorted(ordered, number, "right")
    best = np.where(np.asarray(order) != 0.0, below, ordered.size - above) + 1.0
    return _answer(best + share * (above - below - 1.0), above == below, NA_ID)


def _rank_forms(share: float) -> tuple[Callable[..., Grid], Callable[..., Scalar]]:
    def vector(number: Any, ref: Reference, order: Any = 0.0, *, context: Context) -> Grid:
        return _ranks(ref, np.atleast_1d(np.broadcast_arrays(number, order)[0]), order, share, context)

    def one(number: float, ref: Reference, order: float, context: Context) -> Scalar:
        ordered = sorted_numbers(ref, context)
        if isinstance(ordered, CellError):
            return ordered
        below, above = int(ordered.searchsorted(number, "left")), int(ordered.searchsorted(number, "right"))
        best = (below if order != 0.0 else ordered.size - above) + 1.0
        return best + share * (above - below - 1.0) if above > below else NA

    return vector, one


_best_vector, _best = _rank_forms(0.0)
_mean_vector, _mean = _rank_forms(0.5)


@function(
    "RANK.EQ", "RANK|compatibility|", category=CATEGORY, summary="The rank of a number among others; equals share the best.",
    examples={"=RANK.EQ(1,X1:X3)": CellError("#N/A")}, source=SOURCE.format("RANK.EQ"), vector=_best_vector, future="_xlfn.",
)  # fmt: skip
def rank(number: Number, ref: Ref, order: Number = 0.0, *, context: Context) -> Scalar:
    """Only a range can be ranked in; numbers are equal when all their bits are."""
    return _best(number, ref, order, context)


@function(
    "RANK.AVG", category=CATEGORY, summary="The rank of a number among others; equals share their mean.",
    examples={"=RANK.AVG(1,X1:X3)": CellError("#N/A")}, source=SOURCE.format("RANK.AVG"), vector=_mean_vector, future="_xlfn.",
)  # fmt: skip
def rank_average(number: Number, ref: Ref, order: Number = 0.0, *, context: Context) -> Scalar:
    return _mean(number, ref, order, context)


# -- trimmed means -----------------------------------------------------------------------------------------------------


@function(
    "TRIMMEAN", category=CATEGORY, summary="The mean of the numbers without a share of the largest and smallest.",
    examples={"=TRIMMEAN({4,5,6,7,2,3,4,5,1,2,3},0.2)": 3.7777777777777777}, source=SOURCE.format("TRIMMEAN"),
)  # fmt: skip
def trimmed_mean(array: Sorted, percent: Number) -> Scalar:
    """As many are left out at each end as half the share of the count holds whole."""
    if not array.size or not 0.0 <= percent < 1.0:
        return NUM
    out = math.floor(array.size * percent / 2.0)
    kept = array[out : array.size - out]
    with np.errstate(all="ignore"):
        return float(np.add.accumulate(kept)[-1]) / kept.size if kept.size else DIV0
