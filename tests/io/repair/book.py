"""The workbook part, the styles, the shared strings, the metadata, the chain of calculation."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from sheetengine.address import Address
from sheetengine.errors import FormulaSyntaxError, UnknownReference
from sheetengine.syntax.parser import read
from tests.io.repair.parts import Element, Parts, arrow_id, child, children, in_order, local

_WORKBOOK = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups", "externalReferences",
    "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
_STYLES = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst",
)  # fmt: skip
_METADATA = ("metadataTypes", "metadataStrings", "mdxMetadata", "futureMetadata", "cellMetadata", "valueMetadata", "extLst")
_NAME = re.compile(r"(?:_xlnm\.)?[^\W\d][\w.?\\]*|\\[\w.?\\]*", re.UNICODE)
_CELL_LIKE = re.compile(r"(?i)r\d*|c\d*|r\d*c\d*|true|false")
BUILT_IN = re.compile(r"_xlnm\.(?:Print_Area|Print_Titles|_FilterDatabase|Criteria|Extract|Database|Sheet_Title|Consolidate_Area)", re.I)
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass
class SheetEntry:
    name: str
    number: int
    path: str
    kind: str


@dataclass
class Book:
    """What the parts of sheets refer to."""

    path: str = ""
    sheets: list[SheetEntry] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    styles: int = 1
    dxfs: int = 0
    strings: list[str] = field(default_factory=list)
    cell_metadata: int = 0
    value_metadata: int = 0
    dynamic: set[int] = field(default_factory=set)
    """Which cell metadata, counted from 1, are those of dynamic arrays."""
    views: int = 1
    formulas: dict[int, set[str]] = field(default_factory=dict)

    def chain_problems(self, parts: Parts, found: list[str]) -> None:
        """The chain of calculation names formula cells alone; Excel itself lists those of arrays twice."""
        path = next((one.target for one in parts.arrows(self.path).values() if one.kind == "calcChain"), None)
        if path is None:
            return
        number = ""
        cells = list(children(parts.tree(path), "c"))
        if not cells:
            found.append(f"{path}: it is empty")
        for cell in cells:
            number = cell.get("i", number)
            place = cell.get("r", "")
            if number.isdigit() and int(number) not in self.formulas:
                found.append(f"{path}: there is no sheet {number}")
            elif place not in self.formulas[int(number)]:
                found.append(f"{path}: {place} of sheet {number} holds no formula")


def text_problems(element: Element, where: str, found: list[str]) -> None:
    """White space at the edges of a text is kept only where the element says so; no text is longer than Excel holds."""
    text = element.text or ""
    if text != text.strip(" \t\n\r") and element.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
        found.append(f"{where}: <{local(element)}> loses the white space at its edges")
    if len(re.sub("_x[0-9A-Fa-f]{4}_", "x", text).encode("utf-16-le")) // 2 > 32_767:
        found.append(f"{where}: a text of more than 32,767 characters")


def formula_problems(text: str, where: str, found: list[str], *, of_name: bool = False) -> None:
    """A formula parses, and is in file form."""
    if not text or text.startswith("="):
        found.append(f"{where}: the formula {text[:40]!r}")
        return
    if len(text) > 8192:
        found.append(f"{where}: a formula of {len(text):,} characters")
    try:
        read("=" + text, of_name=of_name)
    except FormulaSyntaxError as error:
        found.append(f"{where}: {error.message}: {text[:80]}")
    outside = re.sub(r'"[^"]*"|\'[^\']*\'|\[[^][]*(?:\[[^][]*\][^][]*)*\]|#(?:REF!|N/A|VALUE!|DIV/0!|NUM!|NAME\?|NULL!)', "", text)
    if "#" in outside or "@" in outside or "[@" in text:
        found.append(f"{where}: a sign that files spell otherwise: {text[:80]}")
    if any(len(one) - 2 - one[1:-1].count('""') > 255 for one in re.findall(r'"(?:[^"]|"")*"', text)):
        found.append(f"{where}: a text of more than 255 characters in a formula")


def book_problems(parts: Parts, found: list[str]) -> Book:
    """The parts that belong to the whole workbook."""
    main = next((arrow.target for arrow in parts.arrows("").values() if arrow.kind == "officeDocument"), None)
    book = Book(main or "")
    if main is None or main not in parts.data:
        found.append("the package names no workbook")
        return book
    tree = parts.tree(main)
    in_order(tree, _WORKBOOK, main, found)
    arrows = parts.arrows(main)
    sheets = child(tree, "sheets")
    ids: Counter[str] = Counter()
    visible = 0
    for element in [] if sheets is None else sheets:
        name, number = element.get("name", ""), element.get("sheetId", "")
        arrow = arrows.get(arrow_id(element) or "")
        _sheet_name(name, main, found)
        ids.update((f"sheetId {number}", f"name {name.casefold()!r}", f"arrow {arrow_id(element)}"))
        visible += element.get("state", "visible") == "visible"
        if arrow is None or arrow.target not in parts.data:
            found.append(f"{main}: sheet {name!r} has no part")
            continue
        book.sheets.append(SheetEntry(name, int(number), arrow.target, arrow.kind))
    found += [f"{main}: two sheets have one {what}" for what, count in ids.items() if count > 1]
    if not visible:
        found.append(f"{main}: no sheet is visible")
    views = child(tree, "bookViews")
    if views is not None:
        book.views = len(views)
        for view in views:
            if int(view.get("activeTab", "0")) >= len(ids) // 3:
                found.append(f"{main}: the active tab is none")
    _names(tree, main, book, found)
    for arrow in arrows.values():
        if arrow.external or arrow.target not in parts.data:
            continue
        if arrow.kind == "styles":
            _styles(parts.tree(arrow.target), arrow.target, book, found)
        elif arrow.kind == "sharedStrings":
            _strings(parts.tree(arrow.target), arrow.target, book, found)
        elif arrow.kind == "sheetMetadata":
            _metadata(parts.tree(arrow.target), arrow.target, book, found)
    return book


def _sheet_name(name: str, where: str, found: list[str]) -> None:
    units = len(name.encode("utf-16-le")) // 2
    if not 1 <= units <= 31 or _FORBIDDEN.search(name) or name[0] == "'" or name[-1] == "'" or name.lower() == "history":
        found.append(f"{where}: no sheet may be called {name!r}")


def _names(tree: Element, where: str, book: Book, found: list[str]) -> None:
    holder = child(tree, "definedNames")
    if holder is None:
        return
    if not len(holder):
        found.append(f"{where}: <definedNames> is empty")
    seen: Counter[tuple[str, str | None]] = Counter()
    for element in holder:
        name, scope = element.get("name", ""), element.get("localSheetId")
        seen[name.casefold(), scope] += 1
        if scope is None:
            book.names.add(name.casefold())
        elif not scope.isdigit() or int(scope) >= len(book.sheets):
            found.append(f"{where}: name {name} belongs to sheet {scope}, which is not there")
        built_in = BUILT_IN.fullmatch(name) is not None
        if not built_in and (not _NAME.fullmatch(name) or _CELL_LIKE.fullmatch(name) or _is_address(name) or len(name) > 255):
            found.append(f"{where}: no name may be {name!r}")
        formula_problems(element.text or "", f"{where}: name {name}", found, of_name=True)
    found += [f"{where}: name {name} stands there twice" for (name, _), count in seen.items() if count > 1]


def _is_address(name: str) -> bool:
    try:
        Address.parse(name)
    except UnknownReference:
        return False
    return True


def _styles(tree: Element, where: str, book: Book, found: list[str]) -> None:
    in_order(tree, _STYLES, where, found)

    def count(name: str) -> int:
        holder = child(tree, name)
        return 0 if holder is None else len(holder)

    formats = child(tree, "numFmts")
    custom = Counter(int(one.get("numFmtId", "0")) for one in ([] if formats is None else formats))
    found += [f"{where}: number format {number} stands there {times} times" for number, times in custom.items() if times > 1]
    for one in [] if formats is None else formats:
        if not one.get("formatCode") or len(one.get("formatCode", "")) > 255:
            found.append(f"{where}: number format {one.get('numFmtId')} says {one.get('formatCode', '')[:40]!r}")
    limits = {"fontId": count("fonts"), "fillId": count("fills"), "borderId": count("borders"), "xfId": count("cellStyleXfs")}
    for kind in ("cellStyleXfs", "cellXfs"):
        holder = child(tree, kind)
        for xf in [] if holder is None else holder:
            for attribute, limit in limits.items():
                if int(xf.get(attribute, "0")) >= max(limit, 1):
                    found.append(f"{where}: a style in <{kind}> has {attribute} {xf.get(attribute)}")
            number = int(xf.get("numFmtId", "0"))
            if number >= 164 and number not in custom:
                found.append(f"{where}: a style has number format {number}, which is not there")
    for kind in _STYLES[:-1]:
        holder = child(tree, kind)
        if holder is not None and holder.get("count", str(len(holder))) != str(len(holder)) and kind != "colors":
            found.append(f"{where}: <{kind}> counts {holder.get('count')} and holds {len(holder)}")
    book.styles, book.dxfs = count("cellXfs"), count("dxfs")
    if not 1 <= book.styles <= 65_490:
        found.append(f"{where}: {book.styles} cell styles")


def _strings(tree: Element, where: str, book: Book, found: list[str]) -> None:
    for item in children(tree, "si"):
        pieces = [one for one in item.iter() if local(one) == "t"]
        for piece in pieces:
            text_problems(piece, where, found)
        book.strings.append("".join(piece.text or "" for piece in pieces))


def _metadata(tree: Element, where: str, book: Book, found: list[str]) -> None:
    in_order(tree, _METADATA, where, found, many=("futureMetadata",))
    types = child(tree, "metadataTypes")
    names = [one.get("name", "") for one in ([] if types is None else types)]
    future = {one.get("name"): len(list(children(one, "bk"))) for one in children(tree, "futureMetadata")}
    for kind in ("cellMetadata", "valueMetadata"):
        holder = child(tree, kind)
        if holder is None:
            continue
        if holder.get("count") != str(len(holder)):
            found.append(f"{where}: <{kind}> counts {holder.get('count')} and holds {len(holder)}")
        for place, block in enumerate(holder, start=1):
            for record in block:
                number = int(record.get("t", "0"))
                if not 1 <= number <= len(names):
                    found.append(f"{where}: metadata of type {number}, which is not there")
                    continue
                name = names[number - 1]
                if name in future and int(record.get("v", "0")) >= future[name]:
                    found.append(f"{where}: {name} has no block {record.get('v')}")
                if name == "XLDAPR" and kind == "cellMetadata":
                    book.dynamic.add(place)
    for kind in ("metadataTypes", "futureMetadata"):
        for holder in children(tree, kind):
            rows = len([one for one in holder if local(one) in ("metadataType", "bk")])
            if holder.get("count") != str(rows):
                found.append(f"{where}: <{kind}> counts {holder.get('count')} and holds {rows}")
    cells, values = child(tree, "cellMetadata"), child(tree, "valueMetadata")
    book.cell_metadata = 0 if cells is None else len(cells)
    book.value_metadata = 0 if values is None else len(values)
