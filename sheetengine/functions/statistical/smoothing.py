"""FORECAST.ETS and its kin: exponential smoothing with an additive error, trend and season (AAA).

In: a series (`timelines`). Out: forecasts, half widths of confidence intervals, the season's length, the fit's statistics.

Level, trend and season start from a straight line with a season, fitted to all values or to the first two seasons, whichever fits
better in the end, so that a series that is one is forecast exactly. The three weights are those with the least sum of squared one-step errors on a grid that is drawn closer round by round,
down to steps of 0.001. Microsoft publishes neither its start nor its search (docs/decisions/0010-exponential-smoothing.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Array, Number
from sheetengine.functions.statistical.densities import CATEGORY, special
from sheetengine.functions.statistical.timelines import Series, read_series
from sheetengine.grid import Grid, Numbers
from sheetengine.values import NUM, CellError, Scalar

_LONGEST_SEASON: Final = 8760
_LEAST: Final = 0.001
_MOST: Final = 0.999
_STEP: Final = 0.001
_POINTS: Final = 5
"""Grid points along each weight in a round."""
_MOST_STEPS: Final = 60_000
"""Steps of smoothing in all rounds together; longer series are searched in fewer rounds, one at the least."""
_CLEAR: Final = 0.3
"""The least autocorrelation of a season that is taken for one."""
_NEAR_BEST: Final = 0.9
_CONFIDENCE: Final = 0.95

Start = tuple[float, float, Numbers]
"""Level and trend before the first value, and the season."""


# -- seasons -----------------------------------------------------------------------------------------------------------


def season_of(values: Numbers) -> int:
    """The length of the season in a series: the shortest lag whose autocorrelation, trend removed, peaks near the highest; 0 for none."""
    count = len(values)
    longest = min(count // 2, _LONGEST_SEASON)
    if longest < 2:
        return 0
    place = np.arange(count) - (count - 1) / 2.0
    apart = values - values.mean()
    apart = apart - place * (float((place * apart).sum()) / float((place * place).sum()))
    scale = float((values * values).sum())
    if float((apart * apart).sum()) <= 1e-20 * scale:
        return 0
    size = 1 << (2 * count - 1).bit_length()
    spectrum = np.fft.rfft(apart, size)
    products = np.fft.irfft(spectrum * np.conj(spectrum), size)[: longest + 2]
    squares = np.concatenate(([0.0], np.cumsum(apart * apart)))
    lags = np.arange(len(products))
    before, after = squares[count - lags], squares[count] - squares[lags]
    similar = products / np.sqrt(np.maximum(before * after, 1e-300))
    inner = similar[2 : longest + 1]
    peaks = np.flatnonzero((inner >= similar[1:longest]) & (inner >= similar[3 : longest + 2]) & (inner >= _CLEAR)) + 2
    if not len(peaks):
        return 0
    high = peaks[similar[peaks] >= _NEAR_BEST * float(similar[peaks].max())]
    return int(high[0])


# -- the model ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted series: weights of level, trend and season, the last state, the one-step errors."""

    alpha: float
    beta: float
    gamma: float
    level: float
    trend: float
    seasons: Numbers
    errors: Numbers
    count: int

    def ahead(self, steps: int) -> float:
        """The forecast so many steps behind the last value."""
        return self.level + self.trend * steps + float(self.seasons[(self.count - 1 + steps) % len(self.seasons)])

    @property
    def deviation(self) -> float:
        """The root of the mean squared error."""
        return math.sqrt(float((self.errors * self.errors).mean()))

    def spread(self, steps: int) -> float:
        """The standard deviation of a forecast, from that of one step and the model's memory (Hyndman et al., ETS(A,A,A))."""
        later = np.arange(1.0, float(steps))
        kept = self.alpha * (1.0 + later * self.beta)
        if len(self.seasons) > 1:
            kept = kept + np.where(later % len(self.seasons) == 0.0, self.gamma * (1.0 - self.alpha), 0.0)
        return self.deviation * math.sqrt(1.0 + float((kept * kept).sum()))


def _start(values: Numbers, season: int) -> Start:
    """Level and trend before the first value, and the season: a line with a season through all values."""
    count = len(values)
    if season < 2:
        season = 1
    place = np.arange(count, dtype=np.float64)
    part = np.arange(count) % season
    members = np.bincount(part, minlength=season)
    means = np.bincount(part, values, season) / members
    centres = np.bincount(part, place, season) / members
    along = place - centres[part]
    below = float((along * along).sum())
    trend = float((along * (values - means[part])).sum()) / below if below else 0.0
    indices = means - trend * centres
    level = float(indices.mean())
    return level - trend, trend, indices - level


def _smooth(values: Numbers, start: Start, alpha: Any, beta: Any, gamma: Any) -> tuple[Any, Any, list[Any], Any]:
    """Level, trend, season and squared error behind the last value, for many weights at once."""
    level, trend = np.full(alpha.shape, start[0]), np.full(alpha.shape, start[1])
    seasons: list[Any] = [np.full(alpha.shape, one) for one in start[2].tolist()]
    seasonal = len(seasons) > 1
    total = np.zeros(alpha.shape)
    along, rest = alpha * beta, gamma * (1.0 - alpha)
    for index, value in enumerate(values.tolist()):
        part = index % len(seasons)
        level = level + trend
        error = value - (level + seasons[part])
        level = level + alpha * error
        trend = trend + along * error
        if seasonal:
            seasons[part] = seasons[part] + rest * error
        total = total + error * error
    return level, trend, seasons, total


def _one_step_errors(values: Numbers, start: Start, alpha: float, beta: float, gamma: float) -> Numbers:
    level, trend, seasons = start[0], start[1], start[2].tolist()
    seasonal = len(seasons) > 1
    errors = np.empty(len(values))
    for index, value in enumerate(values.tolist()):
        part = index % len(seasons)
        level += trend
        error = errors[index] = value - (level + seasons[part])
        level += alpha * error
        trend += alpha * beta * error
        if seasonal:
            seasons[part] += gamma * (1.0 - alpha) * error
    return errors


def _search(values: Numbers, start: Start, most_steps: int) -> tuple[float, list[float]]:
    """The least sum of squared errors from a start, and the weights that have it."""
    low, high = np.full(3, _LEAST), np.full(3, _MOST)
    least, best = math.inf, np.full(3, _LEAST)
    for _ in range(max(1, min(12, most_steps // len(values)))):
        axes = [np.linspace(a, b, _POINTS) for a, b in zip(low, high, strict=True)]
        if len(start[2]) == 1:
            axes[2] = np.array([_LEAST])
        alpha, beta, gamma = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
        total = _smooth(values, start, alpha, beta, gamma)[3]
        total = np.where(np.isfinite(total), total, math.inf)
        place = int(np.argmin(total))
        least, best = float(total[place]), np.array([alpha[place], beta[place], gamma[place]])
        width = (high - low) / (_POINTS - 1)
        if float(width.max()) <= _STEP / 2.0:
            break
        low, high = np.maximum(best - width, _LEAST), np.minimum(best + width, _MOST)
    return least, [round(weight, 3) for weight in best.tolist()]


def fit(values: Numbers, season: int) -> Model:
    """The model of a series with a season of that length; one shorter than two seasons has none."""
    if season < 2 or 2 * season > len(values):
        season = 1
    first = max(4, 2 * season)
    starts = [_start(values, season)] + ([_start(values[:first], season)] if first < len(values) else [])
    with np.errstate(all="ignore"):
        found = [_search(values, start, _MOST_STEPS // len(starts)) for start in starts]
        which = 1 if len(found) > 1 and found[1][0] < found[0][0] else 0
        weights = found[which][1]
        level, trend, seasons, _ = _smooth(values, starts[which], *(np.array([one]) for one in weights))
        errors = _one_step_errors(values, starts[which], *weights)
    season_now = np.array([float(one[0]) for one in seasons])
    return Model(weights[0], weights[1], weights[2], float(level[0]), float(trend[0]), season_now, errors, len(values))


def _model(series: Series, seasonality: float | None) -> Model | CellError:
    season = 1 if seasonality is None else math.trunc(seasonality)
    if not 0 <= season <= _LONGEST_SEASON:
        return CellError("#NUM!", f"a season has 0 (none), 1 (to be found) or 2 to {_LONGEST_SEASON} steps")
    return fit(series.values, season_of(series.values) if season == 1 else season)


def _steps_ahead(series: Series, target: float) -> float:
    """How many steps a time lies behind the last value; negative or not a number where it is no time for a forecast."""
    ahead = series.place(target) - (len(series.values) - 1)
    return float(np.rint(ahead)) if abs(ahead - np.rint(ahead)) < 1e-9 else ahead


def _between(low: float, high: float, share: float) -> float:
    return low + share * (high - low) if share else low


# -- the functions -----------------------------------------------------------------------------------------------------


def _each(target: Any, answer: Any) -> Grid:
    return Grid.from_flat([answer(float(one)) for one in np.atleast_1d(target)], np.atleast_1d(target).shape)


def _forecasts(
    target: Any, values: Grid, timeline: Grid, seasonality: Any, completion: Any, aggregation: Any, context: Context, confidence: Any = None
) -> Grid | None:
    """For many target dates over one history; None where the other arguments differ from lane to lane."""
    if any(isinstance(one, np.ndarray) for one in (seasonality, completion, aggregation, confidence)):
        return None
    shape = np.atleast_1d(target).shape
    series = read_series(values, timeline, completion, aggregation, context.date1904)
    if isinstance(series, CellError):
        return Grid.full(shape, series)
    if confidence is not None and not 0.0 < confidence < 1.0:
        return Grid.full(shape, NUM)
    model = _model(series, seasonality)
    if isinstance(model, CellError):
        return Grid.full(shape, model)
    quantile = 0.0 if confidence is None else float(special().ndtri(0.5 + confidence / 2.0))

    def answer(date: float) -> Scalar:
        ahead = _steps_ahead(series, date)
        if not 0.0 <= ahead < 1e6:
            return CellError("#NUM!", "the target date lies before the end of the timeline")
        below = math.floor(ahead)
        if confidence is None:
            return _between(model.ahead(below), model.ahead(below + 1), ahead - below)
        return quantile * _between(model.spread(max(below, 1)), model.spread(max(below + 1, 1)), ahead - below)

    return _each(target, answer)


def _lane(found: Grid | None) -> Scalar:
    assert found is not None, "one lane shares all its arguments"
    return found.item(0)


def _lane_by_lane(body: Any, lanes: tuple[Any, ...], whole: frozenset[int], context: Context) -> Grid:
    count = max(lane.size for index, lane in enumerate(lanes) if index not in whole and isinstance(lane, np.ndarray))
    columns = [[lane] * count if index in whole or not isinstance(lane, np.ndarray) else lane.tolist() for index, lane in enumerate(lanes)]
    return Grid.from_flat([body(*row, context=context) for row in zip(*columns, strict=True)], (count,))


def _forecast_vector(
    target: Any, values: Any, timeline: Any, seasonality: Any = None, completion: Any = None, aggregation: Any = None, *, context: Context
) -> Grid:
    found = _forecasts(target, values, timeline, seasonality, completion, aggregation, context)
    if found is not None:
        return found
    return _lane_by_lane(forecast, (target, values, timeline, seasonality, completion, aggregation), frozenset((1, 2)), context)


@function(
    "FORECAST.ETS", category=CATEGORY, summary="A future value of a series by exponential smoothing with trend and season.",
    examples={"=FORECAST.ETS(6,{2,4,6,8,10},{1,2,3,4,5})": 12.0, "=FORECAST.ETS(9,{1,5,2,6,3,7,4,8},{1,2,3,4,5,6,7,8})": 5.0},
    source="a line, and a line with a season of two", vector=_forecast_vector, future="_xlfn.",
)  # fmt: skip
def forecast(
    target_date: Number, values: Array, timeline: Array, seasonality: Number | None = None, data_completion: Number | None = None,
    aggregation: Number | None = None, *, context: Context,
) -> Scalar:  # fmt: skip
    """#NUM! for a date before the end of the timeline, a timeline without a constant step, or more than 30 % of it missing."""
    return _lane(_forecasts(target_date, values, timeline, seasonality, data_completion, aggregation, context))


def _interval_vector(
    target: Any, values: Any, timeline: Any, confidence: Any = None, seasonality: Any = None, completion: Any = None,
    aggregation: Any = None, *, context: Context,
) -> Grid:  # fmt: skip
    confidence = _CONFIDENCE if confidence is None else confidence
    found = _forecasts(target, values, timeline, seasonality, completion, aggregation, context, confidence)
    if found is not None:
        return found
    return _lane_by_lane(interval, (target, values, timeline, confidence, seasonality, completion, aggregation), frozenset((1, 2)), context)


@function(
    "FORECAST.ETS.CONFINT", category=CATEGORY, summary="How far a forecast may be off, with a given confidence.",
    examples={"=FORECAST.ETS.CONFINT(6,{3,3,3,3,3},{1,2,3,4,5})": 0.0}, source="a constant is forecast exactly", vector=_interval_vector,
    future="_xlfn.",
)  # fmt: skip
def interval(
    target_date: Number, values: Array, timeline: Array, confidence_level: Number | None = None, seasonality: Number | None = None,
    data_completion: Number | None = None, aggregation: Number | None = None, *, context: Context,
) -> Scalar:  # fmt: skip
    """Half the width of the interval; #NUM! for a confidence that is not between 0 and 1."""
    confidence = _CONFIDENCE if confidence_level is None else confidence_level
    return _lane(_forecasts(target_date, values, timeline, seasonality, data_completion, aggregation, context, confidence))


@function(
    "FORECAST.ETS.SEASONALITY", category=CATEGORY, summary="The length of the season found in a series; 0 for none.",
    examples={"=FORECAST.ETS.SEASONALITY({1,5,2,6,3,7,4,8},{1,2,3,4,5,6,7,8})": 2.0}, source="a season of two", future="_xlfn.",
)  # fmt: skip
def seasonality(
    values: Array, timeline: Array, data_completion: Number | None = None, aggregation: Number | None = None, *, context: Context
) -> Scalar:
    series = read_series(values, timeline, data_completion, aggregation, context.date1904)
    return series if isinstance(series, CellError) else float(season_of(series.values))


@function(
    "FORECAST.ETS.STAT", category=CATEGORY, summary="A statistic of a forecast: the weights, the errors, the step.",
    examples={"=FORECAST.ETS.STAT({2,4,6,8,10},{1,3,5,7,9},8)": 2.0, "=FORECAST.ETS.STAT({2,4,6,8,10},{1,2,3,4,5},7)": 0.0},
    source="a line", future="_xlfn.",
)  # fmt: skip
def statistic(
    values: Array, timeline: Array, statistic_type: Number, seasonality: Number | None = None, data_completion: Number | None = None,
    aggregation: Number | None = None, *, context: Context,
) -> Scalar:  # fmt: skip
    """1 alpha, 2 beta, 3 gamma, 4 MASE, 5 SMAPE, 6 MAE, 7 RMSE, 8 the step."""
    which = math.trunc(statistic_type)
    if not 1 <= which <= 8:
        return CellError("#NUM!", "the statistics are 1 to 8")
    series = read_series(values, timeline, data_completion, aggregation, context.date1904)
    if isinstance(series, CellError):
        return series
    model = _model(series, seasonality)
    if isinstance(model, CellError):
        return model
    sizes = np.abs(model.errors)
    mean_error = float(sizes.mean())
    match which:
        case 1 | 2 | 3:
            return (model.alpha, model.beta, model.gamma if len(model.seasons) > 1 else 0.0)[which - 1]
        case 4:
            lag = len(model.seasons)
            naive = float(np.abs(series.values[lag:] - series.values[:-lag]).mean())
            return mean_error / naive if naive else 0.0
        case 5:
            both = np.abs(series.values) + np.abs(series.values - model.errors)
            return float(np.where(both > 0.0, 2.0 * sizes / np.where(both > 0.0, both, 1.0), 0.0).mean())
        case 6:
            return mean_error
        case 7:
            return model.deviation
        case _:
            return series.step
