"""What files put before names: `_xlfn.` before functions newer than Excel 2007, `_xlpm.` before the names that LET and LAMBDA make,
`_xleta.` before a function that is given as an argument.

In: a shape. Out: its parts as files have them. Invariant: a name is the formula's own only within the LET or LAMBDA that makes it; one that
is called there is marked like any other, or Excel looks for a function of that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from sheetengine.syntax import nodes
from sheetengine.syntax.nodes import Node
from sheetengine.syntax.operands import AnyOperand
from sheetengine.syntax.parser import parse
from sheetengine.syntax.printer import print_operand
from sheetengine.syntax.shape import ERROR, Shape
from sheetengine.syntax.walk import children, walk

_FUNCTION = re.compile(r"(?<![\w.\\])([^\W\d][\w.]*)(?=\()")
_LOCAL = re.compile(r"\[?(?<![\w.])[^\W\d][\w.]*(?![\w.(])\]?")
_QUOTED = re.compile(rf'("(?:[^"]|"")*"|{ERROR})')
"""What is no name, whatever it looks like: the texts of array literals and errors, whose N in #N/A is no function."""
BARE = "_xleta."
"""Stands in files before the name of a function that is given as an argument, as in `BYROW(A1:B9,SUM)`."""
_OWN = "_xlpm."


def to_file_text(
    shape: Shape, operands: Sequence[AnyOperand], future: Callable[[str], str], bare: Callable[[str], bool] | None = None
) -> str:
    """The text for a file, without `=`: `future` gives the prefix of a function's name, "" where it needs none; `bare` says whether
    a name without parentheses is that of a function."""
    parts = file_parts(shape, future, bare)
    return "".join(
        [parts[0], *(piece for operand, part in zip(operands, parts[1:], strict=True) for piece in (print_operand(operand), part))]
    )


def file_parts(shape: Shape, future: Callable[[str], str], bare: Callable[[str], bool] | None = None) -> tuple[str, ...]:
    """The parts of a shape as files have them.

    >>> from sheetengine.syntax.shape import lift
    >>> file_parts(lift("=LET(f,LAMBDA(x,-x),f(A1))")[0], {"LET": "_xlfn.", "LAMBDA": "_xlfn."}.get)
    ('_xlfn.LET(_xlpm.f,_xlfn.LAMBDA(_xlpm.x,-_xlpm.x),_xlpm.f(', '))')
    >>> file_parts(lift("=concat(a,sum(1))")[0], {"CONCAT": "_xlfn."}.get)
    ('_xlfn.CONCAT(', ',sum(', '))')
    """
    if "(" not in shape.key:
        return shape.parts
    local = frozenset(local_names(shape))
    calls: Iterator[bool] = _calls_of_own(parse(shape)) if local else iter(())

    def marked(name: str) -> str:
        if bool(local) and next(calls):
            return _OWN + name
        prefix = future(name.upper())
        # Excel writes capitals; of names that it marks nothing says that it reads others.
        return prefix + name.upper() if prefix else name

    parts = recalled(shape.parts, marked)
    if local:
        parts = _outside_texts(parts, lambda text: _LOCAL.sub(lambda match: _file_local(match[0], local, bare), text))
    return parts


def called(parts: Sequence[str]) -> list[str]:
    """The names that the parts of a formula call, in order, as they are written."""
    return [match[1] for part in parts for stretch in _QUOTED.split(part)[::2] for match in _FUNCTION.finditer(stretch)]


def recalled(parts: Sequence[str], name: Callable[[str], str]) -> tuple[str, ...]:
    """Parts of a formula in which each name that is called, in order, is another."""
    return _outside_texts(parts, lambda text: _FUNCTION.sub(lambda match: name(match[1]), text))


def _outside_texts(parts: Sequence[str], change: Callable[[str], str]) -> tuple[str, ...]:
    """Parts changed but for their texts and errors."""
    return tuple("".join(stretch if place % 2 else change(stretch) for place, stretch in enumerate(_QUOTED.split(part))) for part in parts)


def _file_local(name: str, local: frozenset[str], bare: Callable[[str], bool] | None) -> str:
    if name.startswith("["):
        return f"_xlop.{name[1:-1]}" if name[1:-1].lower() in local else name
    if name.lower() in local:
        return f"{_OWN}{name}"
    return f"{BARE}{name.upper()}" if bare is not None and name.upper() not in ("TRUE", "FALSE") and bare(name) else name


def local_names(shape: Shape) -> list[str]:
    """The names a formula makes itself with LET and LAMBDA, in lower case."""
    if "LET(" not in shape.key.upper() and "LAMBDA(" not in shape.key.upper():
        return []
    return [
        name
        for node in walk(parse(shape))
        if isinstance(node, nodes.Call)
        for place in range(len(node.arguments))
        if (name := _made(node, place)) is not None
    ]


def _made(call: nodes.Call, place: int) -> str | None:
    """The name that LET or LAMBDA makes by one of its arguments."""
    argument = call.arguments[place]
    makes = place + 1 < len(call.arguments) and (call.name == "LAMBDA" or (call.name == "LET" and place % 2 == 0))
    return argument.name.strip("[]").lower() if makes and isinstance(argument, nodes.Name) else None


def _calls_of_own(node: Node) -> Iterator[bool]:
    """Of each call by name, in the order of the text, whether the name is the formula's own at its place."""
    waiting: list[tuple[Node, frozenset[str]]] = [(node, frozenset())]
    while waiting:
        node, own = waiting.pop()
        if not isinstance(node, nodes.Call):
            waiting.extend((child, own) for child in reversed(children(node)))
            continue
        yield node.name.lower() in own
        below: list[tuple[Node, frozenset[str]]] = []
        for place, argument in enumerate(node.arguments):
            below.append((argument, own))
            # The value of a name that LET makes does not see the name, what follows does.
            maker = place - (node.name == "LET")
            if maker >= 0 and (name := _made(node, maker)) is not None:
                own |= {name}
        waiting.extend(reversed(below))
