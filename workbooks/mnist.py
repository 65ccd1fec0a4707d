"""The MNIST files, read into arrays.

In: the folder of the four gzipped IDX files. Out: `Digits`, pictures as bytes (n, 28, 28) beside their labels. Invariants: sizes
are those the file's header gives, else `ValueError`; bytes are as in the file.

Run as a program it packs the first 1,000 test digits for the wheel:

    python -m workbooks.mnist
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PROJECT = Path(__file__).resolve().parents[1]
DATA = PROJECT.parent / "shared" / "data" / "mnist"
PACKED = PROJECT / "sheetengine" / "digits_data" / "test_digits.npz"


class Digits(NamedTuple):
    """Pictures and their labels, in the file's order."""

    pictures: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def read(folder: Path, part: str) -> Digits:
    """The digits of one part of MNIST: "train" (60,000) or "t10k" (10,000), as in `read(DATA, "t10k").labels[0]`, a 7."""
    digits = Digits(read_idx(folder / f"{part}-images-idx3-ubyte.gz"), read_idx(folder / f"{part}-labels-idx1-ubyte.gz"))
    if len(digits.pictures) != len(digits.labels):
        raise ValueError(f"{folder}: {len(digits.pictures)} pictures of {part}, but {len(digits.labels)} labels")
    return digits


def read_idx(path: Path) -> NDArray[np.uint8]:
    """One gzipped IDX file of unsigned bytes: two zeros, the type 8, the number of axes, their sizes as big-endian 32 bits, the bytes."""
    raw = gzip.decompress(path.read_bytes())
    if raw[:3] != b"\0\0\x08":
        raise ValueError(f"{path}: not an IDX file of unsigned bytes")
    axes = raw[3]
    sizes = np.frombuffer(raw, dtype=">u4", count=axes, offset=4).astype(int)
    data = np.frombuffer(raw, dtype=np.uint8, offset=4 + 4 * axes)
    if data.size != sizes.prod():
        raise ValueError(f"{path}: {data.size} bytes where its header says {'x'.join(map(str, sizes))}")
    return data.reshape(tuple(sizes))


def pack(digits: Digits, path: Path, count: int = 1000) -> None:
    """Write the first `count` digits, as they come, to the file that `sheetengine.digits_data.test_digits` reads."""
    np.savez_compressed(path, pictures=digits.pictures[:count], labels=digits.labels[:count])


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description="Pack the first 1,000 MNIST test digits for the wheel.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the IDX files (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=PACKED, help="file to write (default: %(default)s)")
    arguments = parser.parse_args()
    pack(read(arguments.data, "t10k"), arguments.out)


if __name__ == "__main__":
    main()
