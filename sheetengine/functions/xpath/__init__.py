"""XPath 1.0 over the trees of `xml_tree`, for FILTERXML.

All axes but `namespace`, predicates, the operators and the core functions; variables and `id()` are refused.
"""

from sheetengine.functions.xpath.reading import select
from sheetengine.functions.xpath.values import XPathProblem

__all__ = ["XPathProblem", "select"]
