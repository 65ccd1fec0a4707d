"""The package: parts, what they are said to be, and the arrows between them."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

Element = ElementTree.Element

MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
ARROWS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_KNOWN_TYPES = {
    "worksheet": "worksheet+xml", "styles": "styles+xml", "sharedStrings": "sharedStrings+xml", "table": "table+xml",
    "calcChain": "calcChain+xml", "sheetMetadata": "sheetMetadata+xml", "comments": "comments+xml", "drawing": "drawing+xml",
    "theme": "theme+xml",
}  # fmt: skip


@dataclass(frozen=True)
class Arrow:
    kind: str
    target: str
    external: bool


class Parts:
    """The parts of a package, read once."""

    def __init__(self, data: bytes, found: list[str]) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if (bad := archive.testzip()) is not None:
                found.append(f"{bad}: its check sum is wrong")
            self.names = archive.namelist()
            self.data = {name: archive.read(name) for name in self.names}
        self._trees: dict[str, Element] = {}
        for name, content in self.data.items():
            if name.endswith((".xml", ".rels", ".vml")) and not name.endswith(".vml"):
                try:
                    self._trees[name] = ElementTree.fromstring(content)
                except ElementTree.ParseError as error:
                    found.append(f"{name}: {error}")
        self._lower = {name.lower(): name for name in self.names}
        if len(self._lower) != len(self.names):
            found.append("two parts have one name")
        if "[Content_Types].xml" not in self.data:
            found.append("[Content_Types].xml is missing")

    def find(self, name: str) -> str | None:
        return self._lower.get(name.lower())

    def tree(self, name: str) -> Element:
        return self._trees[name]

    def arrows(self, part: str) -> dict[str, Arrow]:
        folder, _, file = part.rpartition("/")
        path = self.find(f"{folder}/_rels/{file}.rels".lstrip("/"))
        if path is None:
            return {}
        found = {}
        for element in self.tree(path):
            external = element.get("TargetMode") == "External"
            target = element.get("Target", "")
            if not external:
                whole = posixpath.normpath(target if target.startswith("/") else posixpath.join("/" + folder, target)).lstrip("/")
                target = self.find(whole) or whole
            found[element.get("Id", "")] = Arrow(element.get("Type", "").rpartition("/")[2], target, external)
        return found


def package_problems(parts: Parts, found: list[str]) -> None:
    """Content types and relationships."""
    defaults: Counter[str] = Counter()
    overrides: dict[str, str] = {}
    for element in parts.tree("[Content_Types].xml"):
        if element.tag == _TYPES + "Default":
            defaults[element.get("Extension", "").lower()] += 1
        else:
            name = element.get("PartName", "").lower()
            if name in overrides:
                found.append(f"[Content_Types].xml: {name} is declared twice")
            overrides[name] = element.get("ContentType", "")
            if parts.find(name.lstrip("/")) is None:
                found.append(f"[Content_Types].xml: {name} is declared and is not there")
    found += [f"[Content_Types].xml: the ending {ending} is declared twice" for ending, count in defaults.items() if count > 1]
    for name in parts.names:
        if name != "[Content_Types].xml" and "/" + name.lower() not in overrides and name.lower().rpartition(".")[2] not in defaults:
            found.append(f"{name}: nothing says what it is")
    for name in parts.names:
        if not name.endswith(".rels"):
            continue
        ids = Counter(element.get("Id") for element in parts.tree(name))
        found += [f"{name}: the id {one} stands for {count} arrows" for one, count in ids.items() if count > 1 or not one]
        folder, _, file = name.rpartition("/")
        source = posixpath.join(folder.removesuffix("_rels").rstrip("/"), file.removesuffix(".rels"))
        if source and parts.find(source) is None:
            found.append(f"{name}: the part it belongs to is not there")
        targets = Counter()
        for arrow in parts.arrows(source).values():
            if arrow.external:
                continue
            targets[arrow.target, arrow.kind] += 1
            if arrow.target not in parts.data:
                found.append(f"{name}: {arrow.target} is not there")
            elif arrow.kind in _KNOWN_TYPES and not overrides.get("/" + arrow.target.lower(), "").endswith(_KNOWN_TYPES[arrow.kind]):
                found.append(f"{arrow.target}: it is said to be {overrides.get('/' + arrow.target.lower())!r}, and is a {arrow.kind}")
        found += [f"{name}: two arrows of one kind lead to {target}" for (target, kind), count in targets.items() if count > 1]


def local(element: Element) -> str:
    """The name of an element of the main namespace, "" for any other."""
    space, _, name = element.tag[1:].partition("}") if element.tag[:1] == "{" else ("", "", element.tag)
    return name if space in MAIN else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    return (child for child in element if local(child) in names)


def child(element: Element, name: str) -> Element | None:
    return next(children(element, name), None)


def arrow_id(element: Element) -> str | None:
    """Its `r:id`."""
    return next((value for space in ARROWS if (value := element.get(f"{{{space}}}id")) is not None), None)


def in_order(element: Element, order: tuple[str, ...], where: str, found: list[str], *, many: Iterable[str] = ()) -> None:
    """The children are those of a sequence of the schema, each at most once but for some."""
    place, seen = 0, set()
    for one in element:
        name = local(one)
        if not name:
            continue
        if name not in order:
            found.append(f"{where}: <{name}> is no child of <{local(element)}>")
            continue
        if order.index(name) < place:
            found.append(f"{where}: <{name}> stands behind <{order[place]}>")
        elif name in seen and name not in many:
            found.append(f"{where}: <{name}> stands there twice")
        place = max(place, order.index(name))
        seen.add(name)
