"""Functions that need what a spreadsheet program has around it: a cube, a server, an add-in, an AI service.

They answer as Excel does where that is missing, after the first error among their arguments: cube functions #NAME? (there is no such
connection), add-in functions #NAME?, the macro functions CALL and REGISTER.ID and whatever asks a service #BLOCKED!, RTD #N/A,
WEBSERVICE #VALUE!. In a file they keep the values that their host gave them. Sources: the error lists on Microsoft's pages of each function and of "How to correct a #BLOCKED! error".
"""

from __future__ import annotations

from typing import Final

from sheetengine.functions.library import function
from sheetengine.functions.signature import Raw
from sheetengine.values import BLOCKED, NA, NAME, VALUE, CellError

_SOURCE: Final = "Microsoft Support: {} function"


def _missing(arguments: tuple[object, ...], answer: CellError) -> CellError:
    return next((argument for argument in arguments if isinstance(argument, CellError)), answer)


# -- add-ins and macro functions ---------------------------------------------------------------------------------------------


@function(
    "CALL",
    category="add-in",
    summary="Calls a procedure of a library; Excel blocks it in cells.",
    examples={'=CALL("Kernel32","GetTickCount","J!")': BLOCKED},
    source=_SOURCE.format("CALL"),
    host=True,
)
def call_procedure(register_id_or_module: Raw, *arguments: Raw) -> CellError:
    """#BLOCKED!."""
    return _missing((register_id_or_module, *arguments), BLOCKED)


@function(
    "REGISTER.ID",
    category="add-in",
    summary="The number of a registered procedure; Excel blocks it in cells.",
    examples={'=REGISTER.ID("Kernel32","GetTickCount","J!")': BLOCKED},
    source=_SOURCE.format("REGISTER.ID"),
    host=True,
)
def register_id(module_text: Raw, procedure: Raw, type_text: Raw = None) -> CellError:
    """#BLOCKED!."""
    return _missing((module_text, procedure, type_text), BLOCKED)


@function(
    "EUROCONVERT",
    category="add-in",
    summary="Converts between the euro and the currencies it replaced; belongs to an add-in.",
    examples={'=EUROCONVERT(1.2,"DEM","EUR")': NAME},
    source=_SOURCE.format("EUROCONVERT"),
    host=True,
)
def euro_convert(number: Raw, source: Raw, target: Raw, full_precision: Raw = None, triangulation_precision: Raw = None) -> CellError:
    """#NAME? without the Euro Currency Tools add-in."""
    return NAME


# -- services ----------------------------------------------------------------------------------------------------------------


@function(
    "COPILOT",
    category="ai",
    summary="An answer of a language model.",
    examples={'=COPILOT("Summarize")': BLOCKED},
    source=_SOURCE.format("COPILOT"),
    host=True,
    future="_xlfn.",
)
def copilot(prompt_part1: Raw, *context_and_prompt: Raw) -> CellError:
    """#BLOCKED! without the service."""
    return _missing((prompt_part1, *context_and_prompt), BLOCKED)


@function(
    "PY",
    category="ai",
    summary="A value computed by Python in the cloud.",
    examples={'=PY("1+1",0)': BLOCKED},
    source=_SOURCE.format("PY"),
    host=True,
    future="_xlfn._xlws.",
)
def python_in_excel(python_code: Raw, return_type: Raw = None, *references: Raw) -> CellError:
    """#BLOCKED! without the service."""
    return _missing((python_code, return_type, *references), BLOCKED)


@function(
    "DETECTLANGUAGE",
    category="text",
    summary="The language of a text, by a service.",
    examples={'=DETECTLANGUAGE("bonjour")': BLOCKED},
    source=_SOURCE.format("DETECTLANGUAGE"),
    host=True,
    future="_xlfn.",
)
def detect_language(text: Raw) -> CellError:
    """#BLOCKED! without the service."""
    return _missing((text,), BLOCKED)


@function(
    "TRANSLATE",
    category="text",
    summary="A text in another language, by a service.",
    examples={'=TRANSLATE("hello","en","fr")': BLOCKED},
    source=_SOURCE.format("TRANSLATE"),
    host=True,
    future="_xlfn.",
)
def translate(text: Raw, source_language: Raw = None, target_language: Raw = None) -> CellError:
    """#BLOCKED! without the service."""
    return _missing((text, source_language, target_language), BLOCKED)


@function(
    "STOCKHISTORY",
    category="financial",
    summary="Historical prices of a stock, by a service.",
    examples={'=STOCKHISTORY("MSFT",44197)': BLOCKED},
    source=_SOURCE.format("STOCKHISTORY"),
    host=True,
    future="_xlfn.",
)
def stock_history(
    stock: Raw, start_date: Raw, end_date: Raw = None, interval: Raw = None, headers: Raw = None, *properties: Raw
) -> CellError:
    """#BLOCKED! without the service."""
    return _missing((stock, start_date, end_date, interval, headers, *properties), BLOCKED)


@function(
    "IMAGE",
    category="lookup and reference",
    summary="A picture from an address.",
    examples={'=IMAGE("https://example.com/a.png")': BLOCKED},
    source=_SOURCE.format("IMAGE"),
    host=True,
    future="_xlfn.",
)
def image(source: Raw, alt_text: Raw = None, sizing: Raw = None, height: Raw = None, width: Raw = None) -> CellError:
    """#BLOCKED! without access to the web."""
    return _missing((source, alt_text, sizing, height, width), BLOCKED)


@function(
    "IMPORTCSV",
    category="lookup and reference",
    summary="The cells of a CSV file.",
    examples={'=IMPORTCSV("data.csv")': BLOCKED},
    source=_SOURCE.format("IMPORTCSV"),
    host=True,
    future="_xlfn.",
)
def import_csv(path: Raw, skip_rows: Raw = None, take_rows: Raw = None, locale: Raw = None) -> CellError:
    """#BLOCKED!: formulas read no files here."""
    return _missing((path, skip_rows, take_rows, locale), BLOCKED)


@function(
    "IMPORTTEXT",
    category="lookup and reference",
    summary="The cells of a text file.",
    examples={'=IMPORTTEXT("data.txt")': BLOCKED},
    source=_SOURCE.format("IMPORTTEXT"),
    host=True,
    future="_xlfn.",
)
def import_text(
    path: Raw, delimiter: Raw = None, skip_rows: Raw = None, take_rows: Raw = None, encoding: Raw = None, locale: Raw = None
) -> CellError:
    """#BLOCKED!: formulas read no files here."""
    return _missing((path, delimiter, skip_rows, take_rows, encoding, locale), BLOCKED)


@function(
    "RTD",
    category="lookup and reference",
    summary="A value of a real-time data server.",
    examples={'=RTD("MyComAddIn.Progid","","topic")': NA},
    source=_SOURCE.format("RTD"),
    host=True,
)
def real_time_data(prog_id: Raw, server: Raw, topic1: Raw, *topics: Raw) -> CellError:
    """#N/A: there is no such server."""
    return _missing((prog_id, server, topic1, *topics), NA)


@function(
    "WEBSERVICE",
    category="web",
    summary="What a web address answers.",
    examples={'=WEBSERVICE("https://example.com")': VALUE},
    source=_SOURCE.format("WEBSERVICE"),
    host=True,
    future="_xlfn.",
)
def web_service(url: Raw) -> CellError:
    """#VALUE!, as where the address gives no data."""
    return _missing((url,), VALUE)


# -- cubes -------------------------------------------------------------------------------------------------------------------


@function(
    "CUBEKPIMEMBER",
    category="cube",
    summary="A property of a key performance indicator of a cube.",
    examples={'=CUBEKPIMEMBER("Sales","MySalesKPI",1)': NAME},
    source=_SOURCE.format("CUBEKPIMEMBER"),
    host=True,
)
def cube_kpi_member(connection: Raw, kpi_name: Raw, kpi_property: Raw, caption: Raw = None) -> CellError:
    """#NAME?: the workbook has no such connection."""
    return _missing((connection, kpi_name, kpi_property, caption), NAME)


@function(
    "CUBEMEMBER",
    category="cube",
    summary="A member or tuple of a cube.",
    examples={'=CUBEMEMBER("Sales","[Time].[Fiscal].[2004]")': NAME},
    source=_SOURCE.format("CUBEMEMBER"),
    host=True,
)
def cube_member(connection: Raw, member_expression: Raw, caption: Raw = None) -> CellError:
    """#NAME?: the workbook has no such connection."""
    return _missing((connection, member_expression, caption), NAME)


@function(
    "CUBEMEMBERPROPERTY",
    category="cube",
    summary="A property of a member of a cube.",
    examples={'=CUBEMEMBERPROPERTY("Sales","[Store].[1]","[Size]")': NAME},
    source=_SOURCE.format("CUBEMEMBERPROPERTY"),
    host=True,
)
def cube_member_property(connection: Raw, member_expression: Raw, property_: Raw) -> CellError:
    """#NAME?: the workbook has no such connection."""
    return _missing((connection, member_expression, property_), NAME)


@function(
    "CUBERANKEDMEMBER",
    category="cube",
    summary="The member of a rank in a set of a cube.",
    examples={'=CUBERANKEDMEMBER("Sales","[Products].Children",1)': NAME},
    source=_SOURCE.format("CUBERANKEDMEMBER"),
    host=True,
)
def cube_ranked_member(connection: Raw, set_expression: Raw, rank: Raw, caption: Raw = None) -> CellError:
    """#NAME?: the workbook has no such connection."""
    return _missing((connection, set_expression, rank, caption), NAME)


@function(
    "CUBESET",
    category="cube",
    summary="A set of members of a cube.",
    examples={'=CUBESET("Finance","Order([Product].Children,[Measures].[Sales])")': NAME},
    source=_SOURCE.format("CUBESET"),
    host=True,
)
def cube_set(connection: Raw, set_expression: Raw, caption: Raw = None, sort_order: Raw = None, sort_by: Raw = None) -> CellError:
    """#NAME?: the workbook has no such connection."""
    return _missing((connection, set_expression, caption, sort_order, sort_by), NAME)


@function(
    "CUBESETCOUNT",
    category="cube",
    summary="How many members a set of a cube has.",
    examples={"=CUBESETCOUNT(NA())": NA},
    source=_SOURCE.format("CUBESETCOUNT"),
    host=True,
)
def cube_set_count(set_: Raw) -> CellError:
    """#VALUE! for what is no set, and without a cube nothing is one."""
    return _missing((set_,), VALUE)


@function(
    "CUBEVALUE",
    category="cube",
    summary="An aggregated value of a cube.",
    examples={'=CUBEVALUE("Sales","[Measures].[Profit]")': NAME},
    source=_SOURCE.format("CUBEVALUE"),
    host=True,
)
def cube_value(connection: Raw, *member_expressions: Raw) -> CellError:
    """#NAME?: the workbook has no such connection."""
    return _missing((connection, *member_expressions), NAME)
