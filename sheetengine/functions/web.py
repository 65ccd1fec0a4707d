"""ENCODEURL and FILTERXML; WEBSERVICE needs a host and stands in `host_only`."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from sheetengine.functions.library import function
from sheetengine.functions.signature import Text
from sheetengine.functions.xml_tree import XmlProblem, parse_xml
from sheetengine.functions.xpath import XPathProblem, select
from sheetengine.grid import Grid
from sheetengine.number_text import parse_number
from sheetengine.values import CellError, Scalar

_CATEGORY: Final = "web"


@function(
    "ENCODEURL", category=_CATEGORY, summary="A text with all but letters, digits and - _ . ~ written as %XX of its UTF-8 bytes.",
    examples={'=ENCODEURL("http://contoso.com/Profit and Loss")': "http%3A%2F%2Fcontoso.com%2FProfit%20and%20Loss"},
    source="Microsoft Support: ENCODEURL function", future="_xlfn.",
)  # fmt: skip
def encode_url(text: Text) -> Scalar:
    return quote(text, safe="", errors="replace")


@function(
    "FILTERXML", category=_CATEGORY, summary="The texts of an XML document that an XPath selects, one below the other.",
    examples={
        '=FILTERXML("<r><s>a</s><s>b</s></r>","//s")': [["a"], ["b"]],
        '=FILTERXML("<r><s n=""1"">x</s></r>","//s/@n")': 1.0,
        '=FILTERXML("<r>","//s")': CellError("#VALUE!"),
    },
    source="Microsoft Support: FILTERXML function", future="_xlfn.",
)  # fmt: skip
def filter_xml(xml: Text, xpath: Text) -> Scalar | Grid:
    """A text that reads as a number is one. What is no XML, no XPath or selects nothing is #VALUE!."""
    try:
        found = select(parse_xml(xml), xpath)
    except (XmlProblem, XPathProblem) as problem:
        return CellError("#VALUE!", str(problem))
    if not found:
        return CellError("#VALUE!", "the XPath selects nothing")
    values: list[Scalar] = []
    for node in found:
        text = node.string().strip()
        number = parse_number(text)
        values.append(text if number is None else number)
    return values[0] if len(values) == 1 else Grid.from_flat(values, (len(values), 1))
