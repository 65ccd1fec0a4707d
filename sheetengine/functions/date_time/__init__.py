"""Excel's date and time functions: parts of a moment, spans between days, working days."""

from sheetengine.functions.date_time import parts, spans, workdays

__all__ = ["parts", "spans", "workdays"]
