"""Mutations of real workbooks, and what opening them may do: succeed, or say what is wrong with the file.

In: small workbooks, a seed. Out: mutated packages: bits of the zip file flipped, bytes of parts flipped, cut, doubled and swapped, tokens
of the XML replaced by hostile ones. Run by hand for more than CI's share: `python -m tests.io.fuzz 200000`.
"""

from __future__ import annotations

import io
import random
import re
import signal
import sys
import time
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import sheetengine

SECONDS = 10
_TOKEN = re.compile(rb'"[^"]*"|>[^<]+<')
_HOSTILE = (
    b"", b"-1", b"0", b"1e999", b"nan", b"99999999999999999999", b"4294967296", b"XFD1048576", b"A1:XFD1048576", b"A0", b"XFE1", b"A1048577",
    b"../../../etc/passwd", b"\xff\xfe", b"&#0;", b"&x;", b"&lt;", b"]]>", b"true", b"shared", b"array", b"dataTable", b"inlineStr", b"s", b"e",
    b"d", b"b", b"n", b"rId1", b"1", b"2", b"#REF!", b"A1#", b"SUM(A1:XFD1048576)", b"((((((((((((((((((((", b"A" * 9000, b"[1]x!A1",
    b"_xlfn.LET(x,1,x)", b"INDIRECT(A1)", b'"' * 99, b"{1,2;3}", b"Table1[[#This Row],[a]]", b"A1:A", b"1:1048576", b"\x00",
)  # fmt: skip


class Parts:
    """A workbook taken apart."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.names = sorted(self.parts)

    def packed(self, changed: dict[str, bytes]) -> bytes:
        """The workbook with some parts changed; not compressed, which is faster."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name in self.parts:
                archive.writestr(name, changed.get(name, self.parts[name]))
        return stream.getvalue()


def mutations(books: list[Parts], seed: int) -> Iterator[bytes]:
    """Mutated workbooks without end."""
    chance = random.Random(seed)
    while True:
        book = chance.choice(books)
        if chance.random() < 0.2:
            yield _flipped(book.data, chance)
            continue
        changed = {}
        for name in chance.sample(book.names, min(len(book.names), 1 if chance.random() < 0.8 else 2)):
            data = book.parts[name]
            for _ in range(chance.choice((1, 1, 1, 2, 5))):
                data = _part(data, chance)
            changed[name] = data
        yield book.packed(changed)


def _flipped(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64))):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    if chance.random() < 0.2:
        del found[chance.randrange(len(found)) :]
    return bytes(found)


def _part(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return b"<"
    way = chance.random()
    if way < 0.5:
        tokens = list(_TOKEN.finditer(data))
        if tokens:
            token = chance.choice(tokens)
            inner = chance.choice(_HOSTILE)
            if chance.random() < 0.3:
                inner = chance.choice(tokens)[0][1:-1]
            return data[: token.start() + 1] + inner + data[token.end() - 1 :]
    if way < 0.65:
        return _flipped(data, chance)
    first, last = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
    if way < 0.75:
        return data[:first] + data[last:]
    if way < 0.85:
        return data[:last] + data[first:]
    elements = [match.span() for match in re.finditer(rb"<(\w+)\b[^<>]*>[^<>]*</\1>|<\w+[^<>]*/>", data)]
    if not elements:
        return data[:first]
    start, end = chance.choice(elements)
    if way < 0.93:
        other = chance.choice(elements)
        return data[:start] + data[other[0] : other[1]] + data[end:]
    return data[:start] + data[start:end] * chance.choice((2, 3, 300)) + data[end:]


@contextmanager
def limit(seconds: int) -> Iterator[None]:
    """A TimeoutError where something takes more time of the processor; other processes do not count."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def try_one(data: bytes, *, compute: bool) -> str:
    """What became of one: "opened" or "refused"; any other exception is a bug and goes through."""
    with limit(SECONDS), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            wb = sheetengine.open(data)
        except sheetengine.FileFormatError:
            return "refused"
        if compute:
            try:
                wb.recalculate(timeout=5)
            except sheetengine.RecalculationInterrupted:
                return "opened"
            wb.save(io.BytesIO())
    return "opened"


def run(books: list[bytes], count: int, seed: int) -> dict[str, int]:
    """Try some mutations; the answer counts what became of them. A failure says by which seed and number it comes again."""
    found: dict[str, int] = {"opened": 0, "refused": 0}
    source = mutations([Parts(book) for book in books], seed)
    for number in range(count):
        data = next(source)
        try:
            found[try_one(data, compute=number % 8 == 0)] += 1
        except BaseException as error:
            error.add_note(f"mutation {number} of seed {seed}")
            raise
    return found


def main() -> None:
    """Try many; each failure is written to a file and told, and the run goes on."""
    from tests.io.rich import fuzzed_books

    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    source = mutations([Parts(book) for book in fuzzed_books()], seed)
    failures = 0
    began = time.perf_counter()
    for number in range(count):
        data = next(source)
        try:
            try_one(data, compute=number % 8 == 0)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            failures += 1
            name = f"fuzz-{seed}-{number}.xlsx"
            with open(f"/tmp/{name}", "wb") as file:
                file.write(data)
            print(f"{name}: {type(error).__name__}: {str(error)[:300]}", flush=True)  # noqa: T201  # a program
    print(f"{count} mutations of seed {seed}: {failures} failures in {time.perf_counter() - began:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main()
