"""Excel's statistical functions, one module per topic; the conditional sums and counts are declared beside them."""

from __future__ import annotations

from sheetengine.functions import conditional_sums
from sheetengine.functions.statistical import (
    averages,
    distributions_continuous,
    distributions_discrete,
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
    "conditional_sums",
    "distributions_continuous",
    "distributions_discrete",
    "distributions_samples",
    "frequencies",
    "hypothesis_tests",
    "linear_models",
    "ranks",
    "regression",
    "smoothing",
    "spread",
]
