"""FORECAST.ETS and its kin by what must hold of any exponential smoothing, whatever the weights that a search finds."""

from __future__ import annotations

import numpy as np
import pytest

from sheetengine.functions.library import find
from sheetengine.functions.statistical.smoothing_model import fit, season_of
from sheetengine.grid import Grid, Numbers
from tests.functions.fake import FakeContext, call


def column(values: Numbers) -> Grid:
    return Grid(np.asarray(values, np.float64).reshape((-1, 1)))


def noisy(seed: int, count: int = 48, season: int = 12) -> Numbers:
    random = np.random.default_rng(seed)
    return 100.0 + 0.7 * np.arange(count) + 12.0 * np.sin(2.0 * np.pi * np.arange(count) / season) + random.normal(size=count)


@pytest.mark.parametrize("season", range(2, 13))
def test_the_season_of_a_repeated_pattern_is_found(season: int) -> None:
    pattern = np.random.default_rng(season).normal(size=season) * 10.0
    values = np.tile(pattern, 5) + 0.3 * np.arange(5 * season)
    assert season_of(values) == season
    assert fit(values, season).ahead(season) == pytest.approx(values[-1] + 0.3 * season, rel=1e-9)


@pytest.mark.parametrize("values", [np.arange(30.0), np.full(30, 7.0), np.arange(30.0) ** 2])
def test_no_season_in_what_never_returns(values: Numbers) -> None:
    assert season_of(values) == 0


def test_noise_alone_rarely_has_a_clear_season() -> None:
    assert sum(season_of(np.random.default_rng(seed).normal(size=200)) == 0 for seed in range(30)) >= 25


@pytest.mark.parametrize("seed", range(4))
def test_other_units_give_the_same_forecast(seed: int) -> None:
    values = noisy(seed)
    times = np.arange(48.0)
    plain = call("FORECAST.ETS", 50.0, column(values), column(times))
    scaled = call("FORECAST.ETS", 150.0, column(values * 4.0 + 8.0), column(times * 3.0))
    assert scaled == pytest.approx(plain * 4.0 + 8.0, rel=1e-9)


def test_the_order_of_rows_does_not_matter() -> None:
    values, times = noisy(1), np.arange(48.0)
    order = np.random.default_rng(2).permutation(48)
    for name, rest in (("FORECAST.ETS.SEASONALITY", ()), ("FORECAST.ETS.STAT", (7.0,))):
        assert call(name, column(values[order]), column(times[order]), *rest) == call(name, column(values), column(times), *rest)


def test_a_curve_is_followed() -> None:
    """Weights near 1 follow a parabola: a line through all of it would forecast 342."""
    values = np.arange(1.0, 20.0) ** 2
    assert 390.0 < call("FORECAST.ETS", 20.0, column(values), column(np.arange(1.0, 20.0))) < 402.0  # type: ignore[operator]


def test_intervals_widen_with_distance_and_confidence() -> None:
    values, times = column(np.random.default_rng(3).normal(size=60).cumsum()), column(np.arange(60.0))
    by_distance = [call("FORECAST.ETS.CONFINT", 59.0 + ahead, values, times, 0.9, 0.0) for ahead in range(1, 12)]
    assert by_distance == sorted(by_distance)  # type: ignore[type-var]
    assert by_distance[0] < by_distance[-1]  # type: ignore[operator]
    by_confidence = [call("FORECAST.ETS.CONFINT", 61.0, values, times, level) for level in (0.5, 0.8, 0.95, 0.99)]
    assert by_confidence == sorted(by_confidence)  # type: ignore[type-var]
    deviation = call("FORECAST.ETS.STAT", values, times, 7.0, 0.0)
    assert call("FORECAST.ETS.CONFINT", 60.0, values, times, 0.95, 0.0) == pytest.approx(1.959963984540054 * deviation)  # type: ignore[operator]


def test_the_errors_are_those_of_one_step() -> None:
    """The statistics are the model's; its steps undone from the last state lead back to the first forecast."""
    values = np.random.default_rng(5).normal(size=40).cumsum()
    model = fit(values, 0)
    sizes = np.abs(model.errors)
    found = [call("FORECAST.ETS.STAT", column(values), column(np.arange(40.0)), float(which), 0.0) for which in range(1, 8)]
    assert found[:3] == [model.alpha, model.beta, 0.0]
    assert found[3] == pytest.approx(sizes.mean() / np.abs(np.diff(values)).mean())
    assert found[5] == pytest.approx(sizes.mean())
    assert found[6] == pytest.approx(np.sqrt((sizes * sizes).mean()))
    level, trend = model.level, model.trend
    for error in model.errors[::-1]:
        trend -= model.alpha * model.beta * error
        level -= model.alpha * error + trend
    assert level + trend == pytest.approx(values[0] - model.errors[0], abs=1e-9)


def test_many_dates_are_each_its_own() -> None:
    values, times = column(noisy(7)), column(np.arange(48.0))
    dates = np.array([48.0, 49.5, 60.0, 47.0, 20.0])
    context = FakeContext()
    for name, rest in (("FORECAST.ETS", (1.0, 1.0, 1.0)), ("FORECAST.ETS.CONFINT", (0.9, 12.0, 1.0, 1.0))):
        spec = find(name)
        assert spec is not None
        assert spec.vector is not None
        lanes = spec.vector(dates, values, times, *rest, context=context)
        assert isinstance(lanes, Grid)
        assert lanes.flat() == [call(name, float(date), values, times, *rest) for date in dates]
