"""Whatever happens while a file is written: the old file or the new one is there, whole, and nothing else."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys

import pytest

import sheetengine
from sheetengine.io import atomic_write
from tests.needs import PROJECT

BIG = b"new" * 100_000


@pytest.fixture
def target(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"old")
    return path


class Failing:
    """A file whose n-th write fails, as on a full disk."""

    def __init__(self, stream, at):
        self._stream, self._left = stream, at

    def write(self, data):
        self._left -= 1
        if self._left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._stream.write(data)

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self._stream.close()


def model() -> sheetengine.Workbook:
    wb = sheetengine.Workbook()
    wb["Sheet1"]["A1:B50"] = [[row, row / 7] for row in range(50)]
    wb["Sheet1"]["C1:C50"] = "=A1*B1"
    return wb


def test_a_full_disk_at_any_write_leaves_the_old_file(target, monkeypatch):
    wb = model()
    wb.save(target)
    opened = sheetengine.open(target)
    opened["Sheet1"]["A1"] = 5
    old = target.read_bytes()
    plain = os.fdopen
    failed, done = 0, False
    while not done:
        monkeypatch.setattr(atomic_write.os, "fdopen", lambda number, mode, at=failed: Failing(plain(number, mode), at))
        done = _saves(opened, target)
        if not done:
            failed += 1
            assert target.read_bytes() == old
            assert [path.name for path in target.parent.iterdir()] == [target.name]
    monkeypatch.undo()
    assert failed >= 10
    assert [sheetengine.open(target)["Sheet1"][place].value for place in ("A1", "C1")] == [5.0, 0.0]


def _saves(workbook, target) -> bool:
    """Whether the file could be written; False where the disk was full."""
    try:
        workbook.save(target)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False
    return True


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_of_the_last_steps_leaves_the_old_file(target, monkeypatch, step):
    def fail(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(atomic_write.os, step, fail)
    with pytest.raises(OSError, match="Input/output"):
        atomic_write.replace_file(target, lambda stream: stream.write(BIG))
    assert target.read_bytes() == b"old"
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_the_bytes_are_on_disk_before_the_name(target, monkeypatch):
    """The order that a loss of power needs: write, fsync of the file, rename, fsync of the folder."""
    steps = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(
        atomic_write.os, "fsync", lambda number: (steps.append("fsync folder" if steps[-1:] == ["rename"] else "fsync"), fsync(number))
    )
    monkeypatch.setattr(atomic_write.os, "replace", lambda a, b: (steps.append("rename"), replace(a, b)))

    def write(stream):
        stream.write(BIG)
        steps.append("write")

    atomic_write.replace_file(target, write)
    assert steps == ["write", "fsync", "rename", "fsync folder"]
    assert target.read_bytes() == BIG


@pytest.mark.parametrize("moment", range(0, 40, 4))
def test_killed_at_any_write(target, moment):
    """A process that is killed in the middle of a write leaves the old file; at worst a file beside it that nobody takes for one."""
    code = f"""
import os, signal
from sheetengine.io import atomic_write
def write(stream):
    for step in range(40):
        if step == {moment}:
            stream.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        stream.write(b"new" * 10_000)
atomic_write.replace_file({str(target)!r}, write)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert target.read_bytes() == b"old"
    assert all(path == target or path.name.startswith(".") for path in target.parent.iterdir())


def test_a_read_only_file_is_refused(target):
    target.chmod(0o444)
    with pytest.raises(PermissionError, match="read-only"):
        model().save(target)
    assert target.read_bytes() == b"old"


def test_a_folder_that_does_not_exist_and_one_as_target(tmp_path):
    with pytest.raises(FileNotFoundError):
        model().save(tmp_path / "none" / "book.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(IsADirectoryError):
        model().save(tmp_path / "folder.xlsx")


def test_whoever_has_the_old_file_open_keeps_it(target):
    with target.open("rb") as reader:
        atomic_write.replace_file(target, lambda stream: stream.write(BIG))
        assert reader.read() == b"old"
    assert target.read_bytes() == BIG


def test_permissions_and_links_stay(target, tmp_path):
    target.chmod(0o640)
    link = tmp_path / "link.xlsx"
    link.symlink_to(target)
    atomic_write.replace_file(link, lambda stream: stream.write(BIG))
    assert link.is_symlink()
    assert target.read_bytes() == BIG
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_file_object_gets_the_whole_or_nothing(monkeypatch):
    from sheetengine.io import xlsx_patch

    stream = io.BytesIO()
    monkeypatch.setattr(xlsx_patch.ZipWriter, "close", lambda self: (_ for _ in ()).throw(MemoryError))
    with pytest.raises(MemoryError):
        model().save(stream)
    assert stream.getvalue() == b""
