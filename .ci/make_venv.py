"""Make a virtual environment and install this project into it.

    python3 .ci/make_venv.py .venvs/test ".[dev]"

In: a folder and what to install. Out: the environment, with a file `.ready` when all went well. Works on a bare Python 3.11 or newer:
where the standard library's venv has no pip to give (Debian splits it off), virtualenv makes the environment instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def main(folder: str, *wanted: str) -> None:
    """Make `folder` anew and install everything `wanted`."""
    if sys.version_info < (3, 11):  # noqa: UP036  # this file runs before anything has checked the version
        sys.exit(
            f"sheetengine needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}. Name another: make PYTHON=python3.12 test"
        )
    target = Path(folder)
    shutil.rmtree(target, ignore_errors=True)
    if not _by_venv(target):
        _by_virtualenv(target)
    python = str(target / ("Scripts" if os.name == "nt" else "bin") / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted], check=True)
    (target / ".ready").touch()


def _by_venv(target: Path) -> bool:
    made = subprocess.run([sys.executable, "-m", "venv", str(target)], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return True
    shutil.rmtree(target, ignore_errors=True)
    return False


def _by_virtualenv(target: Path) -> None:
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        sys.exit(f"{sys.executable} has neither venv nor pip. On Debian and Ubuntu: apt-get install python3-venv")
    with tempfile.TemporaryDirectory() as borrowed:
        # --target is allowed on an externally managed Python too: it touches nothing of the system's.
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", borrowed, "virtualenv"], check=True)
        environment = {**os.environ, "PYTHONPATH": borrowed}
        subprocess.run([sys.executable, "-m", "virtualenv", "--quiet", str(target)], check=True, env=environment)


if __name__ == "__main__":
    main(*sys.argv[1:])
