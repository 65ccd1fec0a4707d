"""What a round did, explained: which cells were computed, what changed, why."""

from sheetengine.trace.reasons import Reason
from sheetengine.trace.trace import CellSequence, Trace

__all__ = ["CellSequence", "Reason", "Trace"]
