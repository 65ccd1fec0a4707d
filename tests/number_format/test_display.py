"""What values show by number formats.

Sources: Microsoft's pages "TEXT function", "Number format codes", "Display numbers as fractions"; ISO/IEC 29500-1 18.8.31; the
formats of 18.8.30. Cases without a name there follow from those rules.
"""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from sheetengine.number_format import BadFormat, builtin_format, format_value, is_date_format
from sheetengine.number_format.display import compiled
from sheetengine.values import CellError

NUMBERS = [
    # Microsoft, "TEXT function"
    (1234.567, "$#,##0.00", "$1,234.57"), (0.285, "0.0%", "28.5%"), (4.34, "# ?/?", "4 1/3"), (12200000.0, "0.00E+00", "1.22E+07"),
    (1234567898.0, "[<=9999999]###-####;(###) ###-####", "(123) 456-7898"), (1234.0, "0000000", "0001234"),
    (123456.0, '##0° 00\' 00\'\'', "12° 34' 56''"), (12.0, "0.00", "12.00"),
    # Microsoft, "Number format codes"
    (1234.59, "####.#", "1234.6"), (8.9, "#.000", "8.900"), (0.631, "0.#", "0.6"), (12.0, "#.0#", "12.0"), (1234.568, "#.0#", "1234.57"),
    (44.398, "???.???", " 44.398"), (102.65, "???.???", "102.65 "), (2.8, "???.???", "  2.8  "), (5.25, "# ???/???", "5   1/4  "),
    (5.3, "# ???/???", "5   3/10 "), (12000.0, "#,###", "12,000"), (12000.0, "#,", "12"), (12200000.0, "0.0,,", "12.2"),
    (0.08, "#%", "8%"), (2.8, "0%", "280%"), (0.089, "0.0%", "8.9%"), (1.5, '$0.00" Surplus";$-0.00" Shortage"', "$1.50 Surplus"),
    (-1.5, '$0.00" Surplus";$-0.00" Shortage"', "$-1.50 Shortage"),
    # placeholders
    (0.0, "#", ""), (0.0, "#.##", "."), (5.0, "#.##", "5."), (0.5, "#.##", ".5"), (0.0, "0.00", "0.00"), (-5.0, "0.00", "-5.00"), (5.25, ".00", "5.25"),
    (12.0, "0-0-0-0", "0-0-1-2"), (123456789.0, "000-00-0000", "123-45-6789"), (0.5, "0.", "1."), (7.0, "?0", " 7"), (5551234.0, "###-####", "555-1234"),
    (1e20, "0", "100000000000000000000"), (1234567890123456789.0, "#,##0", "1,234,567,890,123,460,000"), (5.0, "0,000", "0,005"),
    # rounding of the 15-digit decimal, halves away from zero
    (1.005, "0.00", "1.01"), (2.5, "0", "3"), (-2.5, "0", "-3"), (0.285, "0.00", "0.29"), (1.0049999999999999, "0.00", "1.01"), (999.995, "0.00", "1000.00"),
    (0.1, "0.00000000000000000000", "0.10000000000000000000"), (-0.001, "0.00", "-0.00"),
    # thousands and scaling
    (1234567.0, "#,##0,", "1,235"), (1234567.0, '0.0,,"M"', "1.2M"), (1234567.0, "#,##0.0,K", "1,234.6K"), (123.0, "#,##0", "123"), (0.0, "#,##0", "0"),
    # sections
    (5.0, "0;(0);-", "5"), (-5.0, "0;(0);-", "(5)"), (0.0, "0;(0);-", "-"), (-5.0, "0;", ""), (5.0, ";;;", ""), (0.0, "0.0;-0.0", "0.0"), (-0.0004, "0.0;(0.0)", "(0.0)"),
    (-5.0, "0;@", "-5"), (5.0, "@", "5"), (1.0, '"on";;"off"', "on"), (0.0, '"on";;"off"', "off"), (-5.0, '"x"', "-x"), (5.0, "[Red]0;[Color 12]0", "5"),
    (-5.0, "[Blue]0;[Red](0)", "(5)"), (1234.5, builtin_format(44), " $1,234.50 "), (-1234.5, builtin_format(44), " $(1,234.50)"), (0.0, builtin_format(44), " $-   "),
    (0.0, builtin_format(41), " - "),
    # conditions
    (150.0, '[>=100]"high";"low"', "high"), (50.0, '[>=100]"high";"low"', "low"), (1500000.0, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "1.5M"),
    (1500.0, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "1.5K"), (15.0, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "15"),
    (-500000.0, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "-500000"), (1.0, '[=1]"yes";[=0]"no";"?"', "yes"), (0.0, '[=1]"yes";[=0]"no";"?"', "no"),
    (2.0, '[=1]0" day";0" days"', "2 days"), (-26.0, "[<-25]0.0;[>25]0;General", "26.0"), (-25.0, "[<-25]0.0;[>25]0;General", "-25"),
    # currencies and locales
    (1234.5, "[$€-407]#,##0.00", "€1,234.50"), (5.0, "[$USD] 0", "USD 5"), (5.0, "[$-409]0", "5"), (5.0, "0.00 [$€-x-euro2]", "5.00 €"),
    # exponents
    (12345.0, "0.00E+00", "1.23E+04"), (0.00012345, "0.00E+00", "1.23E-04"), (12345.0, "0.0E-0", "1.2E4"), (0.0, "0.00E+00", "0.00E+00"), (9.996, "0.00E+00", "1.00E+01"),
    (12345.0, "##0.0E+0", "12.3E+3"), (0.00012345, "##0.0E+0", "123.5E-6"), (999960.0, "##0.0E+0", "1.0E+6"), (-12345.0, "0.00E+00", "-1.23E+04"), (1e100, "0E+0", "1E+100"),
    # fractions
    (0.5, "# ?/?", " 1/2"), (5.0, "# ?/?", "5    "), (0.0, "# ?/?", "0    "), (5.5, "# ??/??", "5  1/2 "), (5.25, "?/?", "21/4"), (0.5, "# ?/8", " 4/8"), (5.49, "# ?/2", "5 1/2"),
    (3.14159265358979, "# ???/???", "3  16/113"), (-1.5, "# ?/?", "-1 1/2"), (0.99, "# ?/?", "1    "), (2.75, "0 00/00", "2 03/04"), (0.3125, "# ??/16", "  5/16"),
    # General
    (0.1 + 0.2, "General", "0.3"), (123456789012.0, "General", "1.23457E+11"), (5.0, 'General" kg"', "5 kg"), (-5.0, '"<"General', "-<5"), (-5.0, "General;(General)", "(5)"),
    (1e-10, "General", "1E-10"), (0.000012345, "General", "0.000012345"), (99999999999.5, "General", "1E+11"), (1234567890.5, "General", "1234567891"),
    # DBNum
    (123.0, "[DBNum1]General", "一百二十三"), (123.0, "[DBNum2]General", "壹佰贰拾叁"), (2024.0, "[DBNum1]0000", "二〇二四"), (10020.0, "[DBNum1]General", "一万〇二十"),
]  # fmt: skip

MOMENTS = [
    (36647.0, "m/d/yyyy", "5/1/2000"), (45292.0, "dddd, mmmm dd, yyyy", "Monday, January 01, 2024"), (45292.0, "d-mmm-yy", "1-Jan-24"), (45292.0, "mmmmm", "J"),
    (45292.0, "ddd", "Mon"), (45292.0, "yy.mm.dd", "24.01.01"), (0.75, "h:mm AM/PM", "6:00 PM"), (0.0, "h:mm AM/PM", "12:00 AM"), (0.5, "hh A/P", "12 P"), (0.25, "h a/p", "6 a"),
    (0.75, "hh:mm:ss", "18:00:00"), (1.5, "[h]:mm", "36:00"), (1.5, "[mm]", "2160"), (1 / 86400, "[ss]", "01"), (1.0, "[s]", "86400"), (0.5 / 86400, "s.00", "0.50"),
    (45292.520833333336, "m/d/yy h:mm", "1/1/24 12:30"), (0.000005787, "mm:ss.000", "00:00.500"), (0.999999, "h:mm:ss", "0:00:00"), (0.4999999, "h:mm", "12:00"),
    (60.0, "d mmmm yyyy", "29 February 1900"), (0.0, "m/d/yyyy", "1/0/1900"), (1.0, "dddd", "Sunday"), (61.0, "ddd d mmm", "Thu 1 Mar"), (2958465.0, "yyyy-mm-dd", "9999-12-31"),
    (45292.0, '"Q" m', "Q 1"), (45292.25, "yyyy-mm-dd\\Thh:mm:ss\\Z", "2024-01-01T06:00:00Z"), (45292.0, "[$-407]dddd, d. mmmm", "Montag, 1. Januar"), (45292.0, "[$-40C]mmmm", "janvier"),
    (45292.0, "[$-409]d-mmm-yyyy;@", "1-Jan-2024"), (45292.0, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "Monday, January 1, 2024"), (0.75, "[$-F400]h:mm:ss\\ AM/PM", "6:00:00 PM"),
    (45292.0, "e", "2024"), (45292.0, "aaa", "Mon"), (45292.0, "bbbb", "2567"), (45292.0, "B2yyyy/mm/dd", "1445/06/19"), (45292.9, "mm/dd", "01/01"), (0.0007, "m:ss", "1:00"),
    (0.1, 'h" h "m" min"', "2 h 24 min"), (45292.0, "mmm", "Jan"), (45292.0, "mmmm yyyy", "January 2024"), (1.2345, "d h:m:s", "1 5:37:41"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "pattern", "shown"), NUMBERS)
def test_numbers(number: float, pattern: str, shown: str) -> None:
    assert format_value(number, pattern) == shown


@pytest.mark.parametrize(("serial", "pattern", "shown"), MOMENTS)
def test_moments(serial: float, pattern: str, shown: str) -> None:
    assert format_value(serial, pattern) == shown


@pytest.mark.parametrize(
    ("value", "pattern", "shown"),
    [
        ("abc", "0.00", "abc"), ("abc", "0;0;0;@", "abc"), ("abc", '0;;;"<"@">"', "<abc>"), ("abc", ";;;", ""), ("abc", "@@", "abcabc"), ("abc", '"x"@', "xabc"),
        ("abc", "yyyy", "abc"), ("abc", ";;", "abc"), ("abc", '0;;;"text"', "text"), ("abc", "General;General;General;General", "abc"),
        (True, "0.00", "TRUE"), (False, "@", "FALSE"), (None, "0", ""), (CellError("#N/A"), "0", "#N/A"),
    ],
)  # fmt: skip
def test_other_values(value: str | bool | CellError | None, pattern: str, shown: str) -> None:
    assert format_value(value, pattern) == shown


@pytest.mark.parametrize(
    ("number", "pattern"),
    [
        (1.0, "0;0;0;0;0"), (1.0, '"open'), (1.0, "[h"), (1.0, "[nonsense]0"), (1.0, "0\\"), (1.0, "0.00E+"), (1.0, "yyyy 0"), (-1.0, "yyyy"), (2958466.0, "yyyy"),
        (1.0, "ss.0000"), (1.0, "0 days"), (5.0, "[>10]0;[<0]0"), (1.0, "0@"), (1.0, "General yyyy"),
    ],
)  # fmt: skip
def test_refused(number: float, pattern: str) -> None:
    with pytest.raises(BadFormat):
        format_value(number, pattern)


def test_the_1904_calendar() -> None:
    assert format_value(0.0, "d mmm yyyy", date1904=True) == "1 Jan 1904"
    assert format_value(-1.0, "d mmm yyyy", date1904=True) == "-2 Jan 1904"
    assert format_value(0.0, "dddd", date1904=True) == "Friday"


@pytest.mark.parametrize(
    ("pattern", "is_date"),
    [
        ("General", False), ("0.00", False), ("m/d/yyyy", True), ("[h]:mm", True), ('"day" 0', False), ("[Red]0;[>5]0.0", False), ("@", False), ("AM/PM", True), ("mm:ss.0", True),
        ("[$-409]mmm", True), ("[$€-407]0", False), ("0.0E+0", False), ('"open', False),
    ],
)  # fmt: skip
def test_is_date_format(pattern: str, is_date: bool) -> None:
    assert is_date_format(pattern) is is_date


def test_builtin_formats_are_all_understood() -> None:
    for number in range(164):
        assert isinstance(format_value(1234.5, builtin_format(number)), str)


PLAIN = ["0", "0.0", "0.00", "0.000000", "0.000000000", "#,##0", "#,##0.00", "0%", "0.00%"]


@given(
    st.one_of(
        st.floats(-1e10, 1e10),
        st.floats(-2, 2),
        st.integers(-(10**6), 10**6).map(lambda number: number / 1000),
        st.integers(-(10**7), 10**7).map(lambda number: number / 10**6 + 5e-7),
    ),
    st.sampled_from(PLAIN),
)
def test_the_short_way_is_the_long_one(number: float, pattern: str) -> None:
    number += 0.0  # no cell holds -0.0
    assert format_value(number, pattern) == compiled(pattern).number(number)


@pytest.mark.parametrize(
    "number", [0.5, 1.5, 2.5, 0.125, 1.005, 2.675, 0.285, 1e-7, 4.9999999e-7, 5e-7, 0.9999995, -0.4, -0.004, 99999999.5, 1e15]
)
@pytest.mark.parametrize("pattern", PLAIN)
def test_the_short_way_gives_way_near_a_half(number: float, pattern: str) -> None:
    assert format_value(number, pattern) == compiled(pattern).number(number)
