"""The date and time functions against tables of other projects: each row names the case it is from (conformance/*.jsonl, 15 digits)."""

from __future__ import annotations

import math

import pytest

from sheetengine.grid import Grid
from sheetengine.values import CellError
from tests.functions.fake import call

E = CellError
G = Grid.from_rows

CASES: list[tuple[str, tuple[object, ...], object, str]] = [
    ("DATEVALUE", ("1/1/2008",), 39448.0, "ffp:date/DATEVALUE"),
    ("DATEVALUE", ("01/01/30",), 10959.0, "excelize:~1271"),
    ("DATEVALUE", ("12/3/2014",), 41976.0, "ffp:date/DATEVALUE~9"),
    ("DATEVALUE", ("3-Dec-14",), 41976.0, "ffp:date/DATEVALUE~14"),
    ("DATEVALUE", ("1-Jan-2008",), 39448.0, "ffp:date/DATEVALUE~2"),
    ("DATEVALUE", ("12/3/14 12:00 AM",), 41976.0, "ffp:date/DATEVALUE~22"),
    ("DATEVALUE", ("12/3/14",), 41976.0, "ffp:date/DATEVALUE~12"),
    ("DATEVALUE", ("10000/12/1",), E("#VALUE!"), "ffp:date/DATEVALUE~28"),
    ("DATEVALUE", ("1900-0-0",), E("#VALUE!"), "excelize:~2686"),
    ("HOUR", (43543.5032060185,), 12.0, "excelize:~1308"),
    ("HOUR", ("7/18/2011 7:45",), 7.0, "ffp:date/HOUR~2"),
    ("HOUR", ("1:00 PM",), 13.0, "excelize:~1311"),
    ("HOUR", ("4/21/2012",), 0.0, "ffp:date/HOUR~3"),
    ("HOUR", ("12/09/2015 08:55",), 8.0, "excelize:~1312"),
    ("HOUR", (1.0,), 0.0, "excelize:~1307"),
    ("HOUR", ("43543.5032060185",), 12.0, "excelize:~1309"),
    ("HOUR", ("",), E("#VALUE!"), "excelize:~2732"),
    ("ISOWEEKNUM", ("01/01/2005",), 53.0, "excelize:~1315"),
    ("ISOWEEKNUM", (40977.0,), 10.0, "closedxml:DateAndTimeTests~50"),
    ("ISOWEEKNUM", ("3/9/2012",), 10.0, "ffp:date/ISOWEEKNUM"),
    ("ISOWEEKNUM", ("42370",), 53.0, "excelize:~1314"),
    ("ISOWEEKNUM", ("02/02/2005",), 5.0, "excelize:~1316"),
    ("ISOWEEKNUM", (42370.0,), 53.0, "excelize:~1313"),
    ("ISOWEEKNUM", ("January 25, 100",), E("#VALUE!"), "excelize:~2735"),
    ("ISOWEEKNUM", ("",), E("#VALUE!"), "excelize:~2734"),
    ("ISOWEEKNUM", (-1.0,), E("#NUM!"), "excelize:~2736"),
    ("MINUTE", ("13:35:55",), 35.0, "excelize:~1320"),
    ("MINUTE", ("12/09/2015 08:55",), 55.0, "excelize:~1321"),
    ("MINUTE", ("0.04",), 57.0, "excelize:~1319"),
    ("MINUTE", (0.04,), 57.0, "excelize:~1318"),
    ("MINUTE", ("12:45:00 PM",), 45.0, "ffp:date/MINUTE"),
    ("MINUTE", (1.0,), 0.0, "excelize:~1317"),
    ("MINUTE", ("",), E("#VALUE!"), "excelize:~2737"),
    ("NETWORKDAYS", ("3/01/2009", "10/01/2008"), -108.0, "closedxml:DateAndTimeTests~51"),
    ("NETWORKDAYS", ("10/1/2012", "3/1/2013", G([[41235.0], [41247.0], [41295.0]])), 107.0, "ffp:date/NETWORKDAYS~5"),
    ("NETWORKDAYS", ("10/1/2012", "3/1/2013"), 110.0, "ffp:date/NETWORKDAYS"),
    ("NETWORKDAYS", (38718.0, 38748.0), 22.0, "ffp:date/NETWORKDAYS~6"),
    ("NETWORKDAYS", (38776.0, 38748.0), -21.0, "ffp:date/NETWORKDAYS~7"),
    ("NETWORKDAYS", ("10/1/2012", "3/1/2013", 41235.0), 109.0, "ffp:date/NETWORKDAYS~2"),
    ("NETWORKDAYS", ("01/01/2020", "09/12/2020", 2.0), 183.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~2"),
    ("NETWORKDAYS", ("", "09/12/2020", 2.0), E("#VALUE!"), "excelize:TestCalcNETWORKDAYSandWORKDAY~49"),
    ("NETWORKDAYS", ("01/01/2020", "", 2.0), E("#VALUE!"), "excelize:TestCalcNETWORKDAYSandWORKDAY~50"),
    ("NETWORKDAYS.INTL", ("01/01/2020", "09/12/2020", 13.0), 220.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~14"),
    ("NETWORKDAYS.INTL", ("01/01/2020", "09/12/2020", 12.0), 220.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~13"),
    ("NETWORKDAYS.INTL", (38718.0, 38748.0), 22.0, "ffp:date/NETWORKDAYS.INTL"),
    ("NETWORKDAYS.INTL", ("01/01/2020", "09/12/2020", 3.0), 184.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~7"),
    ("NETWORKDAYS.INTL", (38776.0, 38748.0, "1111111"), 0.0, "ffp:date/NETWORKDAYS.INTL~3"),
    ("NETWORKDAYS.INTL", ("01/01/2020", "09/12/2020", 4.0), 183.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~8"),
    ("NETWORKDAYS.INTL", ("01/01/2020", "09/12/2020", 2.0), 184.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~6"),
    ("NETWORKDAYS.INTL", (-1.0, 123.0), E("#NUM!"), "excelize:TestCalcNETWORKDAYSandWORKDAY~57"),
    ("NETWORKDAYS.INTL", (38718.0, 38748.0, "1"), E("#VALUE!"), "ffp:date/NETWORKDAYS.INTL~6"),
    ("NETWORKDAYS.INTL", ("01/01/2020", 123.0, "0000002"), E("#VALUE!"), "excelize:TestCalcNETWORKDAYSandWORKDAY~54"),
    ("SECOND", ("12/09/2015 08:55",), 0.0, "excelize:~1356"),
    ("SECOND", ("13:10:60",), 0.0, "excelize:~1353"),
    ("SECOND", ("43543.5032060185",), 37.0, "excelize:~1358"),
    ("SECOND", ("4:48:18 PM",), 18.0, "ffp:date/SECOND"),
    ("SECOND", ("4:48 PM",), 0.0, "ffp:date/SECOND~2"),
    ("SECOND", ("12/09/2011 08:17:23",), 23.0, "excelize:~1357"),
    ("SECOND", ("08:17:00",), 0.0, "excelize:~1355"),
    ("SECOND", ("",), E("#VALUE!"), "excelize:~2747"),
    ("TIMEVALUE", ("00:02:23",), 0.00165509259259259, "excelize:~1367"),
    ("TIMEVALUE", ("01/01/2011 02:23",), 0.0993055555555555, "excelize:~1368"),
    ("TIMEVALUE", ("2:23",), 0.0993055555555555, "excelize:~1363"),
    ("TIMEVALUE", ("2:23 am",), 0.0993055555555555, "excelize:~1364"),
    ("TIMEVALUE", ("22-Aug-2011 6:35 AM",), 0.2743055555555556, "ffp:date/TIMEVALUE~2"),
    ("TIMEVALUE", ("2:23 PM",), 0.599305555555556, "excelize:~1365"),
    ("TIMEVALUE", ("14:23:00",), 0.599305555555556, "excelize:~1366"),
    ("TIMEVALUE", (1.0,), E("#VALUE!"), "excelize:~2750"),
    ("TIMEVALUE", (-1.0,), E("#VALUE!"), "excelize:~2751"),
    ("WEEKDAY", ("2/14/2008", 11.0), 4.0, "closedxml:DateAndTimeTests/Weekday_calculates_week_day~4"),
    ("WEEKDAY", (1.0, True), 1.0, "closedxml:DateAndTimeTests~8"),
    ("WEEKDAY", ("12/25/2012", 3.0), 1.0, "excelize:~1374"),
    ("WEEKDAY", ("0 2/2",), 1.0, "closedxml:DateAndTimeTests~7"),
    ("WEEKDAY", (1.0, "1 0/2"), 1.0, "closedxml:DateAndTimeTests~9"),
    ("WEEKDAY", (47119.0,), 2.0, "excelize:~1370"),
    ("WEEKDAY", ("2/14/2008", "2"), 4.0, "ffp:date/WEEKDAY~3"),
    ("WEEKDAY", (-1.0, 1.0), E("#NUM!"), "excelize:~2757"),
    ("WEEKDAY", ("January 25, 100",), E("#VALUE!"), "excelize:~2756"),
    ("WEEKDAY", (0.0, ""), E("#VALUE!"), "excelize:~2753"),
    ("WEEKNUM", ("01/13/2008",), 3.0, "excelize:~1384"),
    ("WEEKNUM", ("01/03/2011",), 2.0, "excelize:~1383"),
    ("WEEKNUM", ("02/04/2008",), 6.0, "excelize:~1387"),
    ("WEEKNUM", ("3/9/2012", 21.0), 10.0, "ffp:date/WEEKNUM~3"),
    ("WEEKNUM", ("01/02/2017", 12.0), 1.0, "excelize:~1389"),
    ("WEEKNUM", ("01/21/2008",), 4.0, "excelize:~1385"),
    ("WEEKNUM", ("01/01/2011",), 1.0, "excelize:~1382"),
    ("WEEKNUM", (0.0, 0.0), E("#NUM!"), "excelize:~2761"),
    ("WEEKNUM", (-1.0, 1.0), E("#NUM!"), "excelize:~2762"),
    ("WEEKNUM", ("", 1.0), E("#VALUE!"), "excelize:~2759"),
    ("WORKDAY", (2.0, 1.0), 3.0, "closedxml:DateAndTimeTests/Workdays~4"),
    ("WORKDAY", (7.0, -1.0), 6.0, "closedxml:DateAndTimeTests/Workdays~13"),
    ("WORKDAY", (9.0, -2.0), 5.0, "closedxml:DateAndTimeTests/Workdays~11"),
    ("WORKDAY", (39722.0, 1.0), 39723.0, "ffp:date/WORKDAY"),
    ("WORKDAY", (9.0, -1.0), 6.0, "closedxml:DateAndTimeTests/Workdays~10"),
    ("WORKDAY", (39722.0, 151.0), 39933.0, "ffp:date/WORKDAY~5"),
    ("WORKDAY", (39722.0, 399.0), 40281.0, "ffp:date/WORKDAY~6"),
    ("WORKDAY", ("January 25, 100", 123.0), E("#VALUE!"), "excelize:TestCalcNETWORKDAYSandWORKDAY~60"),
    (
        "WORKDAY",
        (
            "01/01/2020",
            "",
            G(
                [
                    [43586.0],
                    [43721.0],
                    [43739.0],
                    [43824.0],
                    [43831.0],
                    [43831.0],
                    [43854.0],
                    [43925.0],
                    [43952.0],
                    [44007.0],
                    [None],
                    [None],
                ]
            ),
        ),
        E("#VALUE!"),
        "excelize:TestCalcNETWORKDAYSandWORKDAY~58",
    ),
    (
        "WORKDAY",
        (
            "",
            123.0,
            G(
                [
                    [43586.0],
                    [43721.0],
                    [43739.0],
                    [43824.0],
                    [43831.0],
                    [43831.0],
                    [43854.0],
                    [43925.0],
                    [43952.0],
                    [44007.0],
                    [None],
                    [None],
                ]
            ),
        ),
        E("#VALUE!"),
        "excelize:TestCalcNETWORKDAYSandWORKDAY~59",
    ),
    ("WORKDAY.INTL", ("12/01/2015", 25.0, 13.0), 42368.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~36"),
    ("WORKDAY.INTL", ("12/01/2015", 25.0, 6.0), 42374.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~32"),
    ("WORKDAY.INTL", ("12/01/2015", 25.0, 14.0), 42369.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~37"),
    ("WORKDAY.INTL", ("12/01/2015", 25.0, 1.0), 42374.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~27"),
    ("WORKDAY.INTL", ("01/01/2020", -123.0, 7.0, 43660.0), 43657.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~46"),
    ("WORKDAY.INTL", ("12/01/2015", 25.0, "0001100"), 42374.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~41"),
    ("WORKDAY.INTL", ("12/01/2015", 25.0, 12.0), 42368.0, "excelize:TestCalcNETWORKDAYSandWORKDAY~35"),
    (
        "WORKDAY.INTL",
        (
            "01/01/2020",
            "",
            4.0,
            G(
                [
                    [43586.0],
                    [43721.0],
                    [43739.0],
                    [43824.0],
                    [43831.0],
                    [43831.0],
                    [43854.0],
                    [43925.0],
                    [43952.0],
                    [44007.0],
                    [None],
                    [None],
                ]
            ),
        ),
        E("#VALUE!"),
        "excelize:TestCalcNETWORKDAYSandWORKDAY~62",
    ),
    ("WORKDAY.INTL", (40909.0, 30.0, "1"), E("#VALUE!"), "ffp:date/WORKDAY.INTL~2"),
    ("WORKDAY.INTL", ("01/01/2020", 123.0, "0000002"), E("#VALUE!"), "excelize:TestCalcNETWORKDAYSandWORKDAY~66"),
    ("YEARFRAC", (42005.0, 42094.0, 4.0), 0.247222222222222, "excelize:~1336"),
    ("YEARFRAC", ("02/29/2000", "02/29/2008", 1.0), 7.99817518248175, "excelize:~1348"),
    ("YEARFRAC", ("1/1/2012", "7/30/2019", 1.0), 7.575633128, "ffp:date/YEARFRAC~13"),
    ("YEARFRAC", ("1/1/2006", "3/1/2006", 1.0), 0.161643836, "ffp:date/YEARFRAC~11"),
    ("YEARFRAC", ("01/31/2000", "03/29/2000", 4.0), 0.163888888888889, "excelize:~1351"),
    ("YEARFRAC", ("1/1/2012", "7/30/2012", 4.0), 0.58055556, "ffp:date/YEARFRAC~17"),
    ("YEARFRAC", ("2012/1/1", "2012/7/30"), 0.58055556, "ffp:date/YEARFRAC"),
    ("YEARFRAC", ("", 42094.0, 5.0), E("#VALUE!"), "excelize:~2744"),
    ("YEARFRAC", (42005.0, 42094.0, ""), E("#VALUE!"), "excelize:~2746"),
    ("YEARFRAC", (42005.0, "", 5.0), E("#VALUE!"), "excelize:~2745"),
]


@pytest.mark.parametrize(("name", "arguments", "expected", "case"), CASES)
def test_as_the_table_has_it(name: str, arguments: tuple[object, ...], expected: object, case: str) -> None:
    found = call(name, *arguments)
    if isinstance(expected, float):
        assert isinstance(found, float), case
        assert math.isclose(found, expected, rel_tol=TOLERANCE.get(case.split(":")[0], 1e-12), abs_tol=1e-12), case
    else:
        assert found == expected, case


TOLERANCE = {"excelize": 1e-9, "ffp": 1e-7}
