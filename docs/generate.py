"""Write the generated pages anew: `make docs`.

In: the code. Out: the pages of `PAGES` beside this file. `--check` writes nothing and ends with code 1 where one is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from sheetengine.cli import reference as commands
from sheetengine.functions import reference as functions

PAGES: dict[str, Callable[[], str]] = {"cli.md": commands.text, "functions.md": functions.text}


def main() -> int:
    """The program."""
    folder = Path(__file__).resolve().parent
    stale = [name for name, text in PAGES.items() if not (folder / name).exists() or (folder / name).read_text("utf-8") != text()]
    if "--check" in sys.argv:
        sys.stdout.writelines(f"docs/{name} is stale: make docs\n" for name in stale)
        return 1 if stale else 0
    for name in stale:
        (folder / name).write_text(PAGES[name](), "utf-8")
        sys.stdout.write(f"docs/{name} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
