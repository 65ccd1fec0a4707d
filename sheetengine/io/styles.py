"""Number formats: which one each cell style shows its numbers by.

In: the styles part. Out: a list, from the style index of a cell to the text of its number format.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

from sheetengine.io.markup import integer, unescape_text

BUILT_IN: Final = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"$"#,##0_);\\("$"#,##0\\)', 6: '"$"#,##0_);[Red]\\("$"#,##0\\)',
    7: '"$"#,##0.00_);\\("$"#,##0.00\\)', 8: '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm",
    37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)', 42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)', 44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""The formats that files name by number only, as the en-US Excel shows them."""


def number_formats(styles: Element) -> list[str]:
    """The number format of each cell style, in order; never empty, as a cell without a style has style 0."""
    own = {}
    for element in styles.iterfind("numFmts/numFmt"):
        own[integer(element.get("numFmtId"), -1)] = unescape_text(element.get("formatCode", "General"))
    formats = []
    for element in styles.iterfind("cellXfs/xf"):
        number = integer(element.get("numFmtId"))
        formats.append(own[number] if number in own else BUILT_IN.get(number, "General"))
    return formats or ["General"]
