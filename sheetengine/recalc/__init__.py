"""Recalculation: blocks of formulas, what an edit makes dirty, in which order it is computed, and the computing."""
