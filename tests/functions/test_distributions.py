"""The distributions against Microsoft's examples, closed forms and the limits of Excel's documentation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sheetengine.functions.library import find
from sheetengine.grid import Grid
from sheetengine.values import CellError
from tests.functions.fake import call

E = CellError
G = Grid.from_rows

# Microsoft's examples, to the digits that its pages show.
SHOWN: list[tuple[str, tuple[object, ...], float, float]] = [
    ("NORM.DIST", (42, 40, 1.5, True), 0.9087888, 1e-7),
    ("NORM.DIST", (42, 40, 1.5, False), 0.10934, 1e-5),
    ("NORM.INV", (0.908789, 40, 1.5), 42.000002, 1e-7),
    ("NORM.S.DIST", (1.333333, True), 0.908788726, 1e-8),
    ("NORM.S.DIST", (1.333333, False), 0.164010148, 1e-8),
    ("NORMSDIST", (1.333333,), 0.908788726, 1e-8),
    ("NORM.S.INV", (0.908789,), 1.3333347, 1e-7),
    ("LOGNORM.DIST", (4, 3.5, 1.2, True), 0.0390836, 1e-5),
    ("LOGNORM.DIST", (4, 3.5, 1.2, False), 0.0176176, 1e-5),
    ("LOGNORM.INV", (0.039084, 3.5, 1.2), 4.0000252, 1e-7),
    ("T.DIST", (60, 1, True), 0.99469533, 1e-7),
    ("T.DIST", (8, 3, False), 0.00073691, 1e-5),
    ("T.DIST.2T", (1.959999998, 60), 0.05464493, 1e-7),
    ("T.DIST.RT", (1.959999998, 60), 0.027322465, 1e-7),
    ("T.INV", (0.75, 2), 0.8164966, 1e-7),
    ("T.INV.2T", (0.546449, 60), 0.606533, 1e-6),
    ("F.DIST", (15.20686486, 6, 4, True), 0.99, 1e-7),
    ("F.DIST", (15.20686486, 6, 4, False), 0.0012238, 1e-4),
    ("F.DIST.RT", (15.20686486, 6, 4), 0.01, 1e-7),
    ("F.INV", (0.01, 6, 4), 0.10930991, 1e-7),
    ("F.INV.RT", (0.01, 6, 4), 15.20686486, 1e-8),
    ("CHISQ.DIST", (0.5, 1, True), 0.52049988, 1e-7),
    ("CHISQ.DIST", (2, 3, False), 0.20755375, 1e-7),
    ("CHISQ.DIST.RT", (18.307, 10), 0.0500006, 1e-5),
    ("CHISQ.INV", (0.93, 1), 3.283020287, 1e-8),
    ("CHISQ.INV", (0.6, 2), 1.832581464, 1e-8),
    ("CHISQ.INV.RT", (0.050001, 10), 18.306973, 1e-7),
    ("WEIBULL.DIST", (105, 20, 100, True), 0.929581, 1e-6),
    ("WEIBULL.DIST", (105, 20, 100, False), 0.035589, 1e-5),
    ("CONFIDENCE.NORM", (0.05, 2.5, 50), 0.692952, 1e-6),
    ("CONFIDENCE.T", (0.05, 1, 50), 0.284196855, 1e-8),
    ("GAUSS", (2,), 0.47725, 1e-5),
    ("STANDARDIZE", (42, 40, 1.5), 1.33333333, 1e-8),
    ("BINOM.DIST.RANGE", (60, 0.75, 48), 0.084, 1e-3),
    ("BINOM.DIST.RANGE", (60, 0.75, 45, 50), 0.524, 1e-3),
    ("BINOM.INV", (6, 0.5, 0.75), 4.0, 0.0),
    ("NEGBINOM.DIST", (10, 5, 0.25, True), 0.3135141, 1e-6),
    ("NEGBINOM.DIST", (10, 5, 0.25, False), 0.0550487, 1e-5),
    ("HYPGEOM.DIST", (1, 4, 8, 20, True), 0.4654, 1e-4),
    ("HYPGEOM.DIST", (1, 4, 8, 20, False), 0.3633, 2e-4),
    ("POISSON.DIST", (2, 5, True), 0.124652, 1e-5),
    ("GAMMA.INV", (0.068094, 9, 2), 10.0000112, 1e-7),
]


@pytest.mark.parametrize(("name", "arguments", "expected", "digits"), SHOWN, ids=[f"{c[0]}{c[1]}" for c in SHOWN])
def test_microsoft(name: str, arguments: tuple[object, ...], expected: float, digits: float) -> None:
    assert call(name, *arguments) == pytest.approx(expected, rel=digits, abs=0.0)


# Closed forms of special cases.
EXACT: list[tuple[str, tuple[object, ...], float]] = [
    ("T.DIST", (1, 1, True), 0.75),
    ("T.DIST", (-1, 1, True), 0.25),
    ("T.DIST", (3, 1, False), 1 / (10 * math.pi)),
    ("T.DIST.RT", (1e8, 1), math.atan2(1, 1e8) / math.pi),
    ("T.DIST.RT", (-1, 1), 0.75),
    ("T.DIST.2T", (0, 7), 1.0),
    ("T.DIST.2T", (1, 1.9), 0.5),
    ("TDIST", (1, 1, 2.9), 0.5),
    ("T.INV", (0.5, 9), 0.0),
    ("T.INV", (0.25, 1), -1.0),
    ("T.INV.2T", (1, 4), 0.0),
    ("TINV", (1e-20, 2), math.sqrt(2 / (1e-20 * (2 - 1e-20)) - 2)),
    ("F.DIST", (3, 2, 2, True), 0.75),
    ("F.DIST", (3, 2, 2, False), 1 / 16),
    ("F.DIST", (0, 2, 5, False), 1.0),
    ("F.DIST", (0, 3, 5, False), 0.0),
    ("FDIST", (1e12, 2, 2), 1 / (1 + 1e12)),
    ("F.INV", (0.75, 2, 2), 3.0),
    ("F.INV", (0, 2, 2), 0.0),
    ("F.INV.RT", (1e-15, 2, 2), (1 - 1e-15) / 1e-15),
    ("FINV", (1, 3, 4), 0.0),
    ("CHISQ.DIST", (3, 2, True), -math.expm1(-1.5)),
    ("CHISQ.DIST", (3, 2, False), math.exp(-1.5) / 2),
    ("CHISQ.DIST", (0, 2, False), 0.5),
    ("CHIDIST", (1400, 2), math.exp(-700)),
    ("CHISQ.INV", (0, 5), 0.0),
    ("CHIINV", (1, 5), 0.0),
    ("CHISQ.INV.RT", (1e-200, 2), 400 * math.log(10)),
    ("NORM.S.DIST", (-30, True), 4.906713927148187e-198),
    ("NORM.DIST", (0, 0, 2, False), 1 / (2 * math.sqrt(2 * math.pi))),
    ("NORM.S.INV", (0.5,), 0.0),
    ("LOGNORMDIST", (1, 0, 1), 0.5),
    ("LOGINV", (0.5, 2, 3), math.exp(2)),
    ("GAUSS", (0,), 0.0),
    ("GAMMA.DIST", (2, 1, 4, False), math.exp(-0.5) / 4),
    ("GAMMAINV", (0.5, 1, 1), math.log(2)),
    ("BETA.DIST", (0.3, 1, 1, False), 1.0),
    ("BETA.DIST", (0.25, 2, 1, True), 0.0625),
    ("BETA.DIST", (0.25, 0.5, 0.5, False), 1 / (math.pi * math.sqrt(0.25 * 0.75))),
    ("BETADIST", (3, 1, 1, 2, 4), 0.5),
    ("BETA.INV", (0.0625, 2, 1), 0.25),
    ("WEIBULL", (3, 1, 2, True), -math.expm1(-1.5)),
    ("WEIBULL.DIST", (2, 2, 2, False), 0.36787944117144233),
    ("EXPONDIST", (1e-20, 1, True), 1e-20),
    ("BINOMDIST", (0, 1000, 1e-12, True), math.exp(1000 * math.log1p(-1e-12))),
    ("BINOM.DIST", (500000, 1000000, 0.5, False), math.sqrt(2 / (math.pi * 1e6)) * (1 - 2.5e-7 + 1 / 3.2e13)),
    ("CRITBINOM", (10, 0.5, 0.623046875), 5.0),
    ("NEGBINOMDIST", (0, 1, 0.25), 0.25),
    ("NEGBINOMDIST", (3, 1, 0.5), 0.0625),
    ("POISSON", (0, 0, False), 1.0),
    ("POISSON", (5, 0, False), 0.0),
    ("POISSON.DIST", (1000000, 1000000, False), 0.0003989422471555934),
    ("HYPGEOMDIST", (2, 2, 2, 4), 1 / 6),
    ("HYPGEOM.DIST", (0, 2, 2, 4, True), 1 / 6),
    ("HYPGEOM.DIST", (2, 2, 2, 4, True), 1.0),
    ("HYPGEOM.DIST", (1, 2, 5, 10, True), 1 - 2 / 9),
    ("CONFIDENCE", (0.5, 2, 4), 0.6744897501960817),
    ("FISHERINV", (0,), 0.0),
    ("STANDARDIZE", ("5", True, 2), 2.0),
    ("PHI", (None,), 1 / math.sqrt(2 * math.pi)),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), EXACT, ids=[f"{c[0]}{c[1]}" for c in EXACT])
def test_closed_forms(name: str, arguments: tuple[object, ...], expected: float) -> None:
    assert call(name, *arguments) == pytest.approx(expected, rel=2e-12, abs=0.0)


# The limits of Microsoft's documentation.
LIMITS: list[tuple[str, tuple[object, ...], str]] = [
    ("NORM.DIST", (1, 0, 0, True), "#NUM!"),
    ("NORM.DIST", ("x", 0, 0, True), "#VALUE!"),
    ("NORM.DIST", (1, 0, 1, "x"), "#VALUE!"),
    ("NORM.INV", (0, 0, 1), "#NUM!"),
    ("NORM.INV", (1, 0, 1), "#NUM!"),
    ("NORM.INV", (0.5, 0, -1), "#NUM!"),
    ("NORM.S.INV", (1.5,), "#NUM!"),
    ("LOGNORM.DIST", (0, 1, 1, True), "#NUM!"),
    ("LOGNORM.INV", (0, 1, 1), "#NUM!"),
    ("T.DIST", (1, 0.5, True), "#NUM!"),
    ("T.DIST.2T", (-1, 3), "#NUM!"),
    ("TDIST", (1, 3, 3), "#NUM!"),
    ("TDIST", (-1, 3, 1), "#NUM!"),
    ("T.INV", (0, 3), "#NUM!"),
    ("T.INV.2T", (1.1, 3), "#NUM!"),
    ("TINV", (0.5, 0), "#NUM!"),
    ("F.DIST", (-1, 2, 3, True), "#NUM!"),
    ("F.DIST", (1, 0, 3, True), "#NUM!"),
    ("F.DIST", (0, 1, 3, False), "#NUM!"),
    ("F.DIST.RT", (1, 2, 1e11), "#NUM!"),
    ("F.INV", (1.1, 2, 3), "#NUM!"),
    ("F.INV.RT", (0, 2, 3), "#NUM!"),
    ("CHISQ.DIST", (-1, 2, True), "#NUM!"),
    ("CHISQ.DIST", (0, 1, False), "#NUM!"),
    ("CHISQ.DIST.RT", (1, 0), "#NUM!"),
    ("CHISQ.INV", (1, 2), "#NUM!"),
    ("CHISQ.INV.RT", (0, 2), "#NUM!"),
    ("WEIBULL.DIST", (-1, 1, 1, True), "#NUM!"),
    ("WEIBULL.DIST", (1, 0, 1, True), "#NUM!"),
    ("CONFIDENCE.NORM", (0, 1, 5), "#NUM!"),
    ("CONFIDENCE.NORM", (0.5, 1, 0.9), "#NUM!"),
    ("CONFIDENCE.T", (0.5, 1, 1), "#DIV/0!"),
    ("STANDARDIZE", (1, 1, 0), "#NUM!"),
    ("BETA.DIST", (0.5, 0, 1, True), "#NUM!"),
    ("BETA.DIST", (3, 1, 1, True, 1, 2), "#NUM!"),
    ("BETA.INV", (0, 1, 1), "#NUM!"),
    ("HYPGEOM.DIST", (5, 4, 8, 20, True), "#NUM!"),
    ("HYPGEOM.DIST", (1, 0, 8, 20, True), "#NUM!"),
    ("HYPGEOMDIST", (0, 15, 8, 20), "#NUM!"),
    ("HYPGEOMDIST", (1, 4, 30, 20), "#NUM!"),
    ("POISSON.DIST", (1, -1, True), "#NUM!"),
    ("BINOM.DIST", (E("#N/A"), -1, 2, True), "#N/A"),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), LIMITS, ids=[f"{c[0]}{c[1]}" for c in LIMITS])
def test_limits(name: str, arguments: tuple[object, ...], expected: str) -> None:
    assert call(name, *arguments) == E(expected)


def test_over_arrays() -> None:
    answer = call("NORM.S.DIST", G([[0.0, None, "x", True, E("#REF!")]]), True)
    assert isinstance(answer, Grid)
    assert answer.rows() == [[0.5, 0.5, E("#VALUE!"), pytest.approx(0.8413447460685429, rel=1e-14), E("#REF!")]]


def test_arrays_in_two_directions() -> None:
    answer = call("BINOM.DIST", G([[0.0, 1.0, 2.0]]), G([[1.0], [2.0]]), 0.5, False)
    assert isinstance(answer, Grid)
    assert answer.rows() == [[0.5, 0.5, E("#NUM!")], [0.25, 0.5, 0.25]]


NAMES = sorted({case[0] for case in SHOWN} | {case[0] for case in EXACT})


@pytest.mark.parametrize("name", NAMES)
def test_vector_equals_scalar(name: str) -> None:
    """The forms for one number and for many agree to the bit, also where an exponent is 2, 0.5 or -1."""
    spec = find(name)
    assert spec is not None
    source = np.random.default_rng(3)
    width = spec.signature.most
    rows = [
        [float(source.choice(np.array([0.0, 0.5, 1.0, 2.0, source.uniform(0, 1), source.integers(1, 30)]))) for _ in range(width)]
        for _ in range(200)
    ]
    together = call(name, *[G([[row[place]] for row in rows]) for place in range(width)])
    assert isinstance(together, Grid)
    assert together.flat() == [call(name, *row) for row in rows]


@pytest.mark.parametrize("sides", [(40, 25), (1000, 300), (100000, 777)])
def test_hypergeometric_sums(sides: tuple[int, int]) -> None:
    """The cumulative chance is the sum of the masses."""
    population, marked = sides
    sample = population // 4
    mean = round(sample * marked / population)
    for x in (mean - 3, mean + 4):
        masses = [call("HYPGEOM.DIST", k, sample, marked, population, False) for k in range(x + 1)]
        assert all(isinstance(mass, float) for mass in masses)
        assert call("HYPGEOM.DIST", x, sample, marked, population, True) == pytest.approx(math.fsum(masses), rel=1e-11)  # type: ignore[arg-type]
