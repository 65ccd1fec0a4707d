"""What a round did, explained: which cells were computed, what changed, why."""

from sheetengine.trace.trace import CellSequence, Reason, Trace

__all__ = ["CellSequence", "Reason", "Trace"]
