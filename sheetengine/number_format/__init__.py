"""Number formats: what TEXT gives and a cell displays.

In: a value and a pattern such as `#,##0.00;[Red](#,##0.00);"-"`. Out: a text.
"""

from __future__ import annotations

from sheetengine.number_format.builtin import builtin_format
from sheetengine.number_format.digits import general
from sheetengine.number_format.display import compiled, format_value, is_date_format, temporal_kind
from sheetengine.number_format.precision import as_displayed
from sheetengine.number_format.scan import BadFormat

__all__ = ["BadFormat", "as_displayed", "builtin_format", "compiled", "format_value", "general", "is_date_format", "temporal_kind"]
