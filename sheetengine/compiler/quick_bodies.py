"""The quick form of a LAMBDA's body, for calls that follow each other: REDUCE and SCAN.

In: the body of a LAMBDA. Out: a function of its arguments that answers like a call of it, to the bit, or None where it cannot say
(`compiler.quick_writer`). A call takes 0.1-0.4 us where one through a frame takes 3-10. A body that has this form depends on nothing but
its arguments and what it names. Cells are read through the frame, where and when the body asks for them, so that circles are what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sheetengine.compiler import bound as b
from sheetengine.compiler.frame import Frame
from sheetengine.compiler.inlining import inlined
from sheetengine.compiler.quick_writer import NoQuickForm, Quick, Writer
from sheetengine.functions.arguments import dereference
from sheetengine.values import Area, Reference


class QuickBody:
    """A body's quick form: which slots and which names from around the LAMBDA are its first arguments."""

    __slots__ = ("captured", "run", "slots")

    def __init__(self, run: Quick, slots: tuple[int, ...], captured: tuple[int, ...]) -> None:
        self.run = run
        self.slots = slots
        self.captured = captured

    def bound_to(self, frame: Frame, captured: Sequence[object]) -> Callable[..., object]:
        """A function of the LAMBDA's arguments."""

        def read(given: object) -> object:
            if isinstance(given, Area):
                return frame.cell(given.sheet, given.top, given.left)
            return dereference(given, frame) if isinstance(given, Reference) else given

        return partial(self.run, read, *[frame.operands[index] for index in self.slots], *[captured[index] for index in self.captured])


def compile_body(lambda_: b.LambdaExpression) -> QuickBody | None:
    """The quick form of a body, None where it has none."""
    writer = _BodyWriter(lambda_.base, len(lambda_.parameters))
    try:
        answer = writer.any(inlined(lambda_.body, {}))
    except NoQuickForm:
        return None
    slots, captured = tuple(sorted(writer.cells | writer.constants)), tuple(sorted(writer.captured))
    parameters = ["read", *[f"c{index}" for index in slots], *[f"l{index}" for index in captured], *writer.locals_of_call]
    run = writer.function(parameters, answer)
    return None if run is None else QuickBody(run, slots, captured)


class _BodyWriter(Writer):
    """Reads cells, and names from around the LAMBDA, where they are used."""

    def __init__(self, base: int, count: int) -> None:
        super().__init__()
        self.base = base
        self.locals_of_call = [f"v{index}" for index in range(base, base + count)]
        self.locals = dict(enumerate(self.locals_of_call, base))
        self.cells: set[int] = set()
        self.captured: set[int] = set()

    def cell(self, index: int, kind: str) -> str:
        return self.only("float" if kind == "number" else "str", self.cell_of_any_kind(index))

    def cell_of_any_kind(self, index: int) -> str:
        self.cells.add(index)
        return self.plain(self.fresh(f"read(c{index})"))

    def local(self, index: int) -> str:
        if index >= self.base:
            return self.locals[index]
        self.captured.add(index)
        return self.fresh(f"read(l{index})")
