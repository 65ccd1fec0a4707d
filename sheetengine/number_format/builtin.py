"""The patterns that a file names by number alone.

In: the id of a number format below 164. Out: its pattern as Excel has it in en-US. Source: ISO/IEC 29500-1, 18.8.30 (numFmt),
with the patterns that en-US gives to 14 and 22 (Microsoft, "Number format codes").
"""

from __future__ import annotations

from typing import Final

GENERAL: Final = "General"

_PATTERNS: Final[dict[int, str]] = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);\\("$"#,##0\\)',
    6: '"$"#,##0_);[Red]\\("$"#,##0\\)',
    7: '"$"#,##0.00_);\\("$"#,##0.00\\)',
    8: '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "m/d/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yyyy h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
# 27 to 36 and 50 to 58 are dates of East Asian calendars; elsewhere Excel shows them as the short date.
_EAST_ASIAN_DATES: Final = frozenset({*range(27, 32), 36, *range(50, 55), 57, 58})
_EAST_ASIAN_TIMES: Final = frozenset({32, 33, 34, 35, 55, 56})


def builtin_format(number_format_id: int) -> str:
    """The pattern of a built-in number format; General where the id has none.

    >>> builtin_format(14), builtin_format(4), builtin_format(163)
    ('m/d/yyyy', '#,##0.00', 'General')
    """
    if number_format_id in _EAST_ASIAN_DATES:
        return _PATTERNS[14]
    if number_format_id in _EAST_ASIAN_TIMES:
        return _PATTERNS[21]
    return _PATTERNS.get(number_format_id, GENERAL)
