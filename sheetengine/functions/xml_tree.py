"""XML documents as trees of nodes in document order, for FILTERXML.

In: a text. Out: the root of its tree, or `XmlProblem`. A document type declaration is refused, so no entity can be defined and none
expands; the text of a cell bounds the rest. Texts of white space alone are no nodes, as Excel's parser has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from xml.parsers import expat

Kind = Literal["root", "element", "attribute", "text", "comment", "instruction"]


class XmlProblem(Exception):
    """Why a text is no XML document."""


class XmlNode:
    """One node; `name` of elements, attributes and instructions, `value` of attributes and texts."""

    __slots__ = ("attributes", "children", "kind", "name", "order", "parent", "value")

    def __init__(self, kind: Kind, order: int, name: str = "", value: str = "", parent: XmlNode | None = None) -> None:
        self.kind = kind
        self.order = order
        self.name = name
        self.value = value
        self.parent = parent
        self.children: list[XmlNode] = []
        self.attributes: list[XmlNode] = []

    def string(self) -> str:
        """The string value that XPath gives a node."""
        if self.kind in ("root", "element"):
            return "".join(node.value for node in self.descendants() if node.kind == "text")
        return self.value

    def descendants(self) -> Iterator[XmlNode]:
        """All nodes below, in document order."""
        waiting = self.children[::-1]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


def parse_xml(text: str) -> XmlNode:
    """The root of a document's tree.

    >>> parse_xml("<a><b>x</b></a>").string()
    'x'
    """
    reading = _Reading()
    try:
        # A declaration of an encoding says how a file was written; a text in a cell has none.
        reading.parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise XmlProblem(f"no XML: {error}") from None
    return reading.root


class _Reading:
    def __init__(self) -> None:
        self.root = self.open = XmlNode("root", 0)
        self.count = 0
        self.pieces: list[str] = []
        parser = self.parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.pieces.append
        parser.CommentHandler = lambda value: self.add("comment", "", value)
        parser.ProcessingInstructionHandler = lambda name, value: self.add("instruction", name, value)
        parser.StartDoctypeDeclHandler = self.refuse

    def refuse(self, *_: object) -> None:
        raise XmlProblem("a document type declaration is not allowed")

    def add(self, kind: Kind, name: str, value: str) -> XmlNode:
        self.flush()
        self.count += 1
        node = XmlNode(kind, self.count, name, value, self.open)
        self.open.children.append(node)
        return node

    def flush(self) -> None:
        text = "".join(self.pieces)
        self.pieces.clear()
        if text.strip():
            self.count += 1
            self.open.children.append(XmlNode("text", self.count, "", text, self.open))

    def start(self, name: str, attributes: list[str]) -> None:
        self.open = self.add("element", name, "")
        for key, value in zip(attributes[::2], attributes[1::2], strict=True):
            self.count += 1
            self.open.attributes.append(XmlNode("attribute", self.count, key, value, self.open))

    def end(self, _name: str) -> None:
        self.flush()
        assert self.open.parent is not None
        self.open = self.open.parent


__all__ = ["XmlNode", "XmlProblem", "parse_xml"]
