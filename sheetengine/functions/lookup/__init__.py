"""Excel's lookup and reference functions: finding, places and references, shapes of arrays, order, groups."""

from sheetengine.functions.lookup import finding, ordering, places, references, shapes, x_lookup

__all__ = ["finding", "ordering", "places", "references", "shapes", "x_lookup"]
