"""Writes a zip package: parts copied as they are packed, parts packed anew.

In: entries of an opened package, blocks of bytes of changed parts. Out: a zip file on a seekable stream. A copied part keeps its packed
bytes, name, time and attributes. Blocks are packed in threads, each on its own but with the block before as dictionary, and joined
to one stream, which costs less than 1 % in size.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

_LEVEL: Final = 2
"""Half the time of level 4 for 7 % more bytes; Excel itself packs its parts at its fastest level."""
_WINDOW: Final = 32_768
_MOST: Final = 0xFFFFFFFF
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_STREAMED, _UTF8 = 0x08, 0x800


class ZipWriter:
    """Writes entries one after the other; `close` writes the directory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._start = stream.tell()
        self._entries: list[tuple[ZipInfo, int]] = []

    def copy(self, entry: ZipInfo, data: bytes) -> None:
        """An entry of another zip file, whose bytes are `data`, as it is packed there."""
        name_length, extra_length = struct.unpack_from("<2H", data, entry.header_offset + 26)
        begin = entry.header_offset + 30 + name_length
        extra = data[begin : begin + extra_length]
        begin += extra_length
        self._begin(entry, _without_zip64(extra))
        self._stream.write(memoryview(data)[begin : begin + entry.compress_size])

    def add(self, entry: ZipInfo, blocks: Iterable[bytes]) -> None:
        """An entry packed anew; sizes and sum are filled in."""
        entry.compress_type = ZIP_DEFLATED
        entry.flag_bits &= _UTF8
        entry.CRC = entry.compress_size = entry.file_size = 0
        start = self._stream.tell()
        written = len(self._entries)
        try:
            self._begin(entry, b"")
            for packed in deflate(_counted(blocks, entry)):
                entry.compress_size += len(packed)
                self._stream.write(packed)
            end = self._stream.tell()
            if max(entry.compress_size, entry.file_size) > _MOST:
                raise OverflowError(f"part {entry.filename} takes more than 4 GiB, which this writer does not write")
        except BaseException:
            # The caller may write the part by other means: nothing of this try may stay.
            self._stream.seek(start)
            self._stream.truncate()
            del self._entries[written:]
            raise
        self._stream.seek(start)
        self._entries.pop()
        self._begin(entry, b"")
        self._stream.seek(end)

    def _begin(self, entry: ZipInfo, extra: bytes) -> None:
        offset = self._stream.tell() - self._start
        self._entries.append((entry, offset))
        name, flags = _name(entry)
        packed = entry.compress_type if entry.compress_type != ZIP_STORED else ZIP_STORED
        self._stream.write(
            _LOCAL.pack(
                b"PK\x03\x04", entry.extract_version, flags, packed, *_time(entry), entry.CRC, min(entry.compress_size, _MOST),
                min(entry.file_size, _MOST), len(name), len(extra),
            ) + name + extra
        )  # fmt: skip

    def close(self) -> None:
        """The directory; without it the file is none."""
        start = self._stream.tell() - self._start
        for entry, offset in self._entries:
            name, flags = _name(entry)
            extra = _without_zip64(entry.extra)
            self._stream.write(
                _CENTRAL.pack(
                    b"PK\x01\x02", entry.create_version | entry.create_system << 8, entry.extract_version, flags, entry.compress_type,
                    *_time(entry), entry.CRC, entry.compress_size, entry.file_size, len(name), len(extra), len(entry.comment), 0,
                    entry.internal_attr & 0xFFFF, entry.external_attr & _MOST, offset,
                ) + name + extra + entry.comment
            )  # fmt: skip
        size = self._stream.tell() - self._start - start
        count = len(self._entries)
        if start + size > _MOST or count > 0xFFFF:
            raise OverflowError("the package takes more than 4 GiB, which this writer does not write")
        self._stream.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, 0))


def new_entry(name: str, like: ZipInfo) -> ZipInfo:
    """An entry for a new part, with the time and the attributes of another."""
    entry = ZipInfo(name, like.date_time)
    entry.create_system, entry.external_attr = like.create_system, like.external_attr
    return entry


def _name(entry: ZipInfo) -> tuple[bytes, int]:
    """The bytes of the name as the package had them, and the flags."""
    flags = entry.flag_bits & ~_STREAMED
    if flags & _UTF8:
        return entry.filename.encode("utf-8"), flags
    try:
        return entry.orig_filename.encode("cp437"), flags
    except UnicodeEncodeError:
        return entry.filename.encode("utf-8"), flags | _UTF8


def _time(entry: ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = entry.date_time
    return hour << 11 | minute << 5 | second // 2, max(year - 1980, 0) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    """Extra fields but the one for sizes beyond 4 GiB, which would contradict the header."""
    kept, place = b"", 0
    while place + 4 <= len(extra):
        number, length = struct.unpack_from("<2H", extra, place)
        if number != 1:
            kept += extra[place : place + 4 + length]
        place += 4 + length
    return kept


def _counted(blocks: Iterable[bytes], entry: ZipInfo) -> Iterator[bytes]:
    for block in blocks:
        entry.CRC = zlib.crc32(block, entry.CRC)
        entry.file_size += len(block)
        yield block


def _pack(block: bytes, before: bytes, last: bool) -> bytes:
    packer = (
        zlib.compressobj(_LEVEL, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, before)
        if before
        else zlib.compressobj(_LEVEL, zlib.DEFLATED, -15, 9)
    )
    return packer.compress(block) + packer.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)


def deflate(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks as one deflate stream; a few are packed at a time, so memory does not grow."""
    most = min(os.cpu_count() or 1, 8)
    waiting: deque[Future[bytes]] = deque()
    before = b""
    regular = _regular(blocks)
    block = next(regular, b"")
    second = next(regular, None)
    if second is None:
        # Most parts are small, and a thousand of them are no reason for a thousand pools of threads.
        yield _pack(block, before, True)
        return
    with ThreadPoolExecutor(most) as pool:
        for following in chain((second,), regular):
            if block:
                waiting.append(pool.submit(_pack, block, before, False))
                before = block[-_WINDOW:]
            block = following
            while len(waiting) > most:
                yield waiting.popleft().result()
        waiting.append(pool.submit(_pack, block, before, True))
        while waiting:
            yield waiting.popleft().result()


def _regular(blocks: Iterable[bytes], size: int = 1 << 19) -> Iterator[bytes]:
    """The same bytes in blocks neither small nor huge."""
    pieces: list[bytes] = []
    length = 0
    for block in blocks:
        pieces.append(block)
        length += len(block)
        if length >= size:
            joined = b"".join(pieces)
            for start in range(0, len(joined), 4 * size):
                yield joined[start : start + 4 * size]
            pieces, length = [], 0
    if length:
        yield b"".join(pieces)
