"""Exponential smoothing with an additive error, trend and season (AAA): the season of a series found, the series fitted.

In: values at even steps. Out: the season's length, a `Model` that forecasts.

Level, trend and season start from a straight line with a season, fitted to all values or to the first two seasons, whichever fits
better in the end, so that a series that is one is forecast exactly. The three weights are those with the least sum of squared one-step
errors on a grid that is drawn closer round by round, down to steps of 0.001. Microsoft publishes neither its start nor its search
(docs/decisions/0010-exponential-smoothing.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sheetengine.grid import Numbers

LONGEST_SEASON: Final = 8760
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

Start = tuple[float, float, Numbers]
"""Level and trend before the first value, and the season."""


# -- seasons -----------------------------------------------------------------------------------------------------------


def season_of(values: Numbers) -> int:
    """The length of the season in a series: the shortest lag whose autocorrelation, trend removed, peaks near the highest; 0 for none."""
    count = len(values)
    longest = min(count // 2, LONGEST_SEASON)
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


__all__ = ["LONGEST_SEASON", "Model", "fit", "season_of"]
