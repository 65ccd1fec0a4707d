"""ENCODEURL; WEBSERVICE needs a host and stands in `host_only`."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from sheetengine.functions.library import function
from sheetengine.functions.signature import Text
from sheetengine.values import Scalar

_CATEGORY: Final = "web"


@function(
    "ENCODEURL", category=_CATEGORY, summary="A text with all but letters, digits and - _ . ~ written as %XX of its UTF-8 bytes.",
    examples={'=ENCODEURL("http://contoso.com/Profit and Loss")': "http%3A%2F%2Fcontoso.com%2FProfit%20and%20Loss"},
    source="Microsoft Support: ENCODEURL function", future="_xlfn.",
)  # fmt: skip
def encode_url(text: Text) -> Scalar:
    return quote(text, safe="", errors="replace")
