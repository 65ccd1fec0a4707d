"""Excel's date and time functions: parts of a moment, texts, spans between days, working days."""

from sheetengine.functions.date_time import parts, spans, texts, workdays

__all__ = ["parts", "spans", "texts", "workdays"]
