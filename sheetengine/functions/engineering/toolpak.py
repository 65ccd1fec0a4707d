"""How the functions that came with the Analysis ToolPak are declared, which still take their arguments in their own way.

In: a body annotated as usual. Out: an entry of the catalogue that refuses what the ToolPak refused: a boolean is #VALUE!, a
required argument left empty #N/A, a range of several cells #VALUE! (books saved by Excel: NUMBER_SYSTEMS, MROUND); arrays are run
over, texts read as numbers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final

from sheetengine.functions.call import invoke
from sheetengine.functions.context import Context
from sheetengine.functions.library import FunctionSpec, function
from sheetengine.functions.math.lanes import plain_argument
from sheetengine.functions.signature import Raw, signature_of
from sheetengine.values import MISSING, CellError, Scalar

CATEGORY: Final = "engineering"
SOURCE: Final = "Microsoft Support: {} function"


def toolpak(
    name: str, summary: str, examples: Mapping[str, Scalar | list[list[Scalar]]], future: str = ""
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Declare a function of the Analysis ToolPak from a body of scalar parameters."""

    def declare(body: Callable[..., object]) -> Callable[..., object]:
        signature = signature_of(body)
        inner = FunctionSpec(name, CATEGORY, summary, signature, body)

        def outer(*arguments: object, context: Context) -> object:
            values: list[object] = []
            for argument, parameter in zip(arguments, signature.parameters, strict=False):
                # An optional argument left empty arrives as None: it was not given.
                value = MISSING if argument is None and not parameter.required else plain_argument(argument, context)
                if isinstance(value, CellError):
                    return value
                values.append(value)
            return invoke(inner, values, context)

        own: Any = outer
        own.__name__ = own.__qualname__ = body.__name__
        own.__signature__ = inspect.Signature(
            [
                inspect.Parameter(
                    parameter.name,
                    inspect.Parameter.POSITIONAL_OR_KEYWORD,
                    default=inspect.Parameter.empty if parameter.required else None,
                )
                for parameter in signature.parameters
            ]
            + [inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY)]
        )
        own.__annotations__ = {parameter.name: Raw for parameter in signature.parameters} | {"context": Context, "return": object}
        function(name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name), future=future)(outer)
        return body

    return declare


__all__ = ["CATEGORY", "SOURCE", "toolpak"]
