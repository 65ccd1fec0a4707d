"""The failing cases that are known, each with what we give, what is expected, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.conformance.cases import Case, shown

FILE: Final = Path(__file__).with_name("known_failures.tsv")
REASONS: Final = ("Excel differs", "the case is wrong", "not yet")
"""How a reason begins: real Excel answers otherwise; the case contradicts itself or Excel's documentation; ours to mend."""
_HEAD: Final = "case\tours\texpected\treason\n"


@dataclass(frozen=True, slots=True)
class Failure:
    """One line of the list."""

    id: str
    ours: str
    expected: str
    reason: str

    @property
    def ours_to_mend(self) -> bool:
        """Whether the case is right and we are wrong."""
        return self.reason.startswith("not yet")


def known_failures() -> dict[str, Failure]:
    """The list by case; a reason that begins otherwise than the three is an error."""
    found: dict[str, Failure] = {}
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines()[1:], 2):
        case, ours, expected, reason = line.split("\t")
        if not reason.startswith(REASONS):
            raise ValueError(f"{FILE.name}:{number}: a reason begins with one of {', '.join(REASONS)}")
        found[case] = Failure(case, ours, expected, reason)
    return found


def write(cases: Iterable[Case], known: Mapping[str, Failure]) -> None:
    """The failing cases as the list, with the reasons that stand there already."""
    lines = [_HEAD]
    for case in cases:
        if not case.passed:
            reason = known[case.id].reason if case.id in known else "not yet"
            lines.append(f"{case.id}\t{shown(case.ours)}\t{shown(case.expected)}\t{reason}\n")
    FILE.write_text("".join(lines), encoding="utf-8")
