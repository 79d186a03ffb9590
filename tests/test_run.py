"""run.py, as a newcomer starts it: what keeps it from installing is said in one sentence, and never as a traceback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A checkout of what run.py needs, and a pip of its own making beside it."""
    for name in ("run.py", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def start(place: Path, pip: str | None, *options: str) -> subprocess.Popen[str]:
    if pip is not None:
        (place / "pips" / "pip").mkdir(parents=True)
        (place / "pips" / "pip" / "__init__.py").touch()
        (place / "pips" / "pip" / "__main__.py").write_text(pip)
    return subprocess.Popen(
        [sys.executable, *options, place / "run.py"],
        env={**os.environ, "PYTHONPATH": str(place / "pips")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def outcome(run: subprocess.Popen[str]) -> tuple[int, str]:
    _out, err = run.communicate(timeout=60)
    assert "Traceback" not in err
    return run.returncode, err.strip().splitlines()[-1]


def test_a_pip_that_fails_is_told(place: Path) -> None:
    code, last = outcome(start(place, "import sys; sys.exit('ERROR: No space left on device')"))
    assert code == 1
    assert last == "The libraries could not be installed (see above; exit code 1). Mend it and start again."


def test_a_pip_that_is_missing_is_told(place: Path) -> None:
    code, last = outcome(start(place, None, "-S"))  # without its site's packages, and so without their pip
    assert code == 1
    assert last == "pip is missing: install it (Debian and Ubuntu: apt install python3-pip) and start again."


def test_a_folder_that_cannot_be_made_is_told(place: Path) -> None:
    (place / ".venv").write_text("a file stands in its place")
    code, last = outcome(start(place, ""))
    assert code == 1
    assert last.startswith("The libraries could not be installed")


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another matter there")
def test_ctrl_c_while_it_installs_is_no_traceback(place: Path) -> None:
    waits = (
        "import sys, time\ntry: print('at work', flush=True); time.sleep(60)\nexcept KeyboardInterrupt: sys.exit(130)"
    )
    run = start(place, waits)
    assert run.stdout is not None
    while "at work" not in run.stdout.readline():
        assert run.poll() is None
    os.killpg(run.pid, signal.SIGINT)
    code, last = outcome(run)
    assert (code, last) == (130, "Stopped; starting again goes on from here.")
