"""Files written so that at every moment the old file or the new one is there, whole.

In: a path and a function that writes to a binary stream. Out: the file. The bytes go into a new file beside the old one, reach the
disk (fsync), and take the old one's name in one step; only then the folder is synced. On any failure the new file is taken away.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast


def replace_file(path: str | os.PathLike[str], write: Callable[[BinaryIO], None]) -> None:
    """Write a file; a file of that name stays as it is until the new one is complete on disk.

    A link stays a link: what it leads to is replaced. A file that may not be written is refused, though a rename could do it.
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder to save into", os.fspath(path))
    mode = _mode_of(target)
    number, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(number, "w+b") as stream:
            write(cast(BinaryIO, stream))
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(mode)
        os.replace(beside, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        raise
    _sync_folder(target.parent)


def _mode_of(target: Path) -> int:
    """The permissions the new file gets: the old one's, else what this process gives new files."""
    try:
        found = target.stat()
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(f"{target} is a folder")
    if not found.st_mode & stat.S_IWUSR or not os.access(target, os.W_OK):
        raise PermissionError(f"{target} is read-only")
    return stat.S_IMODE(found.st_mode)


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a loss of power; systems without folders that can be opened have no need."""
    try:
        number = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        with contextlib.suppress(OSError):
            os.fsync(number)
    finally:
        os.close(number)
