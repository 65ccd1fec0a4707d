"""FORECAST.ETS and its kin: exponential smoothing of a series on a timeline.

In: values and times (`timelines`), a season's length or none. Out: forecasts, half widths of confidence intervals, the season's length,
the fit's statistics, by a `Model` (`smoothing_model`).
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Array, Number
from sheetengine.functions.statistical.densities import CATEGORY, special
from sheetengine.functions.statistical.smoothing_model import LONGEST_SEASON, Model, fit, season_of
from sheetengine.functions.statistical.timelines import Series, read_series
from sheetengine.grid import Grid
from sheetengine.values import NUM, CellError, Scalar

_CONFIDENCE: Final = 0.95


def _model(series: Series, seasonality: float | None) -> Model | CellError:
    season = 1 if seasonality is None else math.trunc(seasonality)
    if not 0 <= season <= LONGEST_SEASON:
        return CellError("#NUM!", f"a season has 0 (none), 1 (to be found) or 2 to {LONGEST_SEASON} steps")
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
