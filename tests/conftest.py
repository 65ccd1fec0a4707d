"""How hard hypothesis tries: `SHEETENGINE_PROFILE` chooses dev (the default), ci (the same examples in every run) or thorough."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

collect_ignore = ["workbook/uno_edits.py"]
"""Run by LibreOffice's Python, which has the module it imports."""

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)

settings.register_profile("dev", max_examples=15, deadline=None, database=None, suppress_health_check=_SLOW)
settings.register_profile("ci", max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("thorough", max_examples=2_000, deadline=None, database=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("SHEETENGINE_PROFILE", "dev"))
