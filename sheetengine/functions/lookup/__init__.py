"""Excel's lookup and reference functions: finding, places and references, shapes of arrays, order, groups."""

from sheetengine.functions.lookup import finding, places, references, shapes, x_lookup

__all__ = ["finding", "places", "references", "shapes", "x_lookup"]
