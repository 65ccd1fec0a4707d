"""Formulas over the real grammar and the real catalogue.

In: the references, names and functions they may use. Out: strategies of texts that begin with "=". Every one of them parses; what it
answers may well be an error, and which one is part of what a law compares.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hypothesis import strategies as st

from sheetengine.functions.library import FunctionSpec, catalogue
from sheetengine.functions.signature import Kind, Parameter
from sheetengine.syntax.shape import print_number
from sheetengine.testing.references import HEIGHT, WIDTH, names, references
from sheetengine.testing.values import numbers, texts

_OPERATORS = ("+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">=")
_ERRORS = ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!")
_MOST_ARGUMENTS = 6
_NUMERIC = frozenset((Kind.NUMBER, Kind.INTEGER, Kind.DATE, Kind.BOOLEAN))
_RANGED = frozenset((Kind.ARRAY, Kind.NUMBERS, Kind.SORTED, Kind.ALL_NUMBERS, Kind.ADDRESS, Kind.REFERENCE, Kind.RAW))


@st.composite
def constants(draw: st.DrawFn) -> str:
    """A number, text, boolean, error or array as a formula writes it."""
    form = draw(st.sampled_from("nnnnttbea"))
    if form == "n":
        return print_number(abs(draw(numbers())))
    if form == "t":
        return '"' + draw(texts()).replace('"', '""') + '"'
    if form == "b":
        return draw(st.sampled_from(("TRUE", "FALSE", "true")))
    if form == "e":
        return draw(st.sampled_from(_ERRORS))
    height, width = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    element = st.sampled_from(("1", "2", "-3.5", "0", '"a"', '"3"', "TRUE", "#N/A", "4"))
    return "{" + ";".join(",".join(draw(st.lists(element, min_size=width, max_size=width))) for _ in range(height)) + "}"


class _Writer:
    """Writes expressions, each no deeper than it is told."""

    def __init__(
        self, draw: st.DrawFn, functions: Sequence[FunctionSpec], sheets: Sequence[str], size: tuple[int, int], named: bool, whole: bool
    ) -> None:
        self.draw = draw
        self.functions = functions
        self.sheets = sheets
        self.size = size
        self.named = named
        self.whole = whole
        self.locals: list[str] = []

    def choose(self, *options: str) -> str:
        return self.draw(st.sampled_from(options))

    def reference(self, single: bool | None = None, *, whole: bool = False) -> str:
        return self.draw(references(*self.size, sheets=self.sheets, single=single, whole=self.whole or whole))

    def expression(self, depth: int) -> str:
        if depth <= 0:
            return self.leaf()
        form = self.choose(
            *["call"] * 6, *["binary"] * 5, "leaf", "sign", "percent", "group", "let", "lambda", "range", "at", "spill", "cut"
        )
        below = depth - 1
        if form == "call":
            return self.call(below)
        if form == "binary":
            space = self.choose("", "", "", " ")
            return f"{self.expression(below)}{space}{self.choose(*_OPERATORS)}{space}{self.expression(below)}"
        if form == "sign":
            return self.choose("-", "+", "--") + self.tight(below)
        if form == "percent":
            return self.tight(below) + "%"
        if form == "group":
            return f"({self.expression(below)})"
        if form == "let":
            return self.let(below)
        if form == "lambda":
            return self.applied_lambda(below)
        if form == "range":
            return f"{self.reference(single=True)}:{self.choose('INDEX', 'OFFSET')}({self.reference(single=False)},1,1)"
        if form == "at":
            return f"@{self.reference(single=False)}"
        if form == "spill":
            return f"{self.reference(single=True)}#"
        if form == "cut":
            return f"SUM({self.reference(single=False)} {self.reference(single=False)})"
        return self.leaf()

    def tight(self, depth: int) -> str:
        """What a sign or `%` may stand beside as it is."""
        text = self.leaf() if depth <= 0 else f"({self.expression(depth)})"
        return text if not text.startswith("{") else f"({text})"

    def leaf(self) -> str:
        forms = ["reference"] * 5 + ["constant"] * 3 + ["name"] * self.named + ["local"] * (2 * bool(self.locals))
        form = self.choose(*forms)
        if form == "reference":
            return self.reference()
        if form == "name":
            return self.draw(names())
        return self.draw(st.sampled_from(self.locals)) if form == "local" else self.draw(constants())

    def call(self, depth: int, function: FunctionSpec | None = None) -> str:
        function = self.draw(st.sampled_from(self.functions)) if function is None else function
        signature = function.signature
        count = self.draw(st.integers(signature.least, max(signature.least, min(signature.most, _MOST_ARGUMENTS))))
        parameters = signature.assigned(count)
        return f"{function.name}({','.join(self.argument(parameter, depth) for parameter in parameters)})"

    def argument(self, parameter: Parameter, depth: int) -> str:
        if not parameter.required and self.choose(*"xxxxx", "") == "":
            return ""
        kind = parameter.kind
        if kind is Kind.FUNCTION:
            return self.function_value(depth)
        if kind in _RANGED and self.choose("range", "range", "other") == "range":
            return self.reference(single=False, whole=kind in (Kind.NUMBERS, Kind.SORTED, Kind.ALL_NUMBERS))
        if kind in _NUMERIC and self.choose("number", "other", "other") == "number":
            return print_number(abs(self.draw(numbers())))
        return self.expression(depth)

    def function_value(self, depth: int) -> str:
        if self.choose("lambda", "lambda", "name") == "name":
            return self.choose("SUM", "MAX", "ABS", "LEN")
        made = ["p", "q"][: self.draw(st.integers(1, 2))]
        return f"LAMBDA({','.join(made)},{self.within(made, depth)})"

    def let(self, depth: int) -> str:
        made = ["u", "v"][: self.draw(st.integers(1, 2))]
        pairs = []
        before = list(self.locals)
        for name in made:
            pairs.append(f"{name},{self.expression(depth)}")
            self.locals.append(name)
        body = self.expression(depth)
        self.locals = before
        return f"LET({','.join(pairs)},{body})"

    def applied_lambda(self, depth: int) -> str:
        return f"LAMBDA(w,{self.within(['w'], depth)})({self.expression(depth)})"

    def within(self, made: list[str], depth: int) -> str:
        before = list(self.locals)
        self.locals += made
        body = self.expression(depth)
        self.locals = before
        return body


# What answers otherwise each time it is asked, or asks the world: a law can compare nothing there.
_UNSTEADY = frozenset(("RAND", "RANDBETWEEN", "RANDARRAY", "NOW", "TODAY", "WEBSERVICE", "STOCKHISTORY", "IMAGE", "RTD", "INFO"))


@st.composite
def formulas(
    draw: st.DrawFn, *, functions: Collection[str] | None = None, sheets: Sequence[str] = (), height: int = HEIGHT, width: int = WIDTH,
    depth: int = 2, named: bool = True, whole: bool = False,
) -> str:  # fmt: skip
    """Formulas that call the given functions (by default all but the random and the clock's) on the given part of the grid.

    `named`: whether they may use names that are perhaps not defined; `whole`: whether whole columns and rows may stand anywhere.
    """
    found = catalogue()
    chosen = [found[name] for name in sorted(functions)] if functions is not None else _steady()
    return "=" + _Writer(draw, chosen, sheets, (height, width), named, whole).expression(draw(st.integers(0, depth)))


@st.composite
def calls(draw: st.DrawFn, name: str, *, sheets: Sequence[str] = (), height: int = HEIGHT, width: int = WIDTH, depth: int = 1) -> str:
    """Formulas that are a call of one function, with arguments of the kinds it wants and of others."""
    writer = _Writer(draw, _steady(), sheets, (height, width), named=False, whole=False)
    return "=" + writer.call(depth - 1, catalogue()[name])


def _steady() -> list[FunctionSpec]:
    return [
        spec for name, spec in catalogue().items() if name not in _UNSTEADY and name not in ("LET", "LAMBDA") and spec.category != "user"
    ]
