"""Excel's statistical functions, one module per topic; the conditional sums and counts are declared beside them."""

from __future__ import annotations

from sheetengine.functions import conditional
from sheetengine.functions.statistical import (
    averages,
    distributions_continuous,
    distributions_discrete,
    distributions_normal,
    distributions_samples,
    frequencies,
    hypothesis_tests,
    linear_models,
    ranks,
    regression,
    smoothing,
    spread,
)

__all__ = [
    "averages",
    "conditional",
    "distributions_continuous",
    "distributions_discrete",
    "distributions_normal",
    "distributions_samples",
    "frequencies",
    "hypothesis_tests",
    "linear_models",
    "ranks",
    "regression",
    "smoothing",
    "spread",
]
