"""Excel's lookup and reference functions: finding, places and references, shapes of arrays, order, groups."""

from sheetengine.functions import host_only
from sheetengine.functions.lookup import finding, grouping, ordering, places, references, shapes, stacks, wrapping, x_lookup

__all__ = ["finding", "grouping", "host_only", "ordering", "places", "references", "shapes", "stacks", "wrapping", "x_lookup"]
