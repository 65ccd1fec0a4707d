"""How the functions of this category that came with the Analysis ToolPak are declared.

In: a body annotated as usual. Out: an entry of the catalogue whose arguments are taken as `functions.toolpak` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sheetengine.functions.library import Body, function
from sheetengine.values import Scalar

CATEGORY: Final = "engineering"
SOURCE: Final = "Microsoft Support: {} function"


def toolpak(name: str, summary: str, examples: Mapping[str, Scalar | list[list[Scalar]]], future: str = "") -> Callable[[Body], Body]:
    """Declare a function of the Analysis ToolPak from a body of scalar parameters."""
    return function(name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name), future=future, toolpak=True)


__all__ = ["CATEGORY", "SOURCE", "toolpak"]
