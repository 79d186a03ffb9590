#!/usr/bin/env python3
"""Sets up and runs this project with nothing but Python and its pip.

    python3 run.py [--port 8000] [--sandbox-port 8100]     runs the demonstration
    python3 run.py test [arguments for pytest]             runs the tests

The tests run on SQLite, and once more on PostgreSQL where TEST_POSTGRESQL_URL (or the usual local server) is reachable:
there without those that were run already and work on neither (`tests/once.py` says which).
The libraries go into .venv, at the versions and hashes of the requirements files; a second start finds them there.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 (a newcomer may start it with an older one)
        sys.exit(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
    if sys.argv[1:2] == ["test"]:
        return test(sys.argv[2:])
    if {"-h", "--help"} & set(sys.argv[1:]):
        sys.exit(__doc__)
    return demonstrate(sys.argv[1:])


def demonstrate(arguments: list[str]) -> int:
    """Runs the demonstration until Ctrl-C; its exit code."""
    install(ROOT / "requirements.txt")
    with subprocess.Popen([PYTHON, "-m", "config.demo", *arguments], cwd=ROOT) as demonstration:
        # Ctrl-C reaches the whole group of processes: the demonstration ends itself in order, and we wait for it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: demonstration.terminate())
        return demonstration.wait()


def test(arguments: list[str]) -> int:
    """Both passes of the tests; 0 if all is well."""
    install(ROOT / "requirements-dev.txt")
    failed = run_tests("SQLite", None, arguments)
    url = os.environ.get("TEST_POSTGRESQL_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    probe = "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3)"
    reached = subprocess.run([PYTHON, "-c", probe, url], capture_output=True, text=True)
    if reached.returncode == 0:
        print("Tests that ask for no database, or bring one of their own, have been run.", flush=True)
        return run_tests("PostgreSQL", url, ["-p", "tests.once", *arguments]) or failed
    print(f"Not run on PostgreSQL: {reached.stderr.strip().splitlines()[-1]}", flush=True)
    return 1 if os.environ.get("CI") else failed


def run_tests(database: str, url: str | None, arguments: list[str]) -> int:
    """One pass of the tests; pytest's exit code."""
    print(f"Tests on {database}:", flush=True)
    # What one process compiled the next one reads: there are dozens.
    unwanted = ("DATABASE_URL", "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    if url:
        environment["DATABASE_URL"] = url
    # A process per core; a file's tests stay together, for what they share. `-n 0` after it switches it off.
    parallel = ["-n", "auto", "--maxprocesses", "8", "--dist", "loadfile"]
    return subprocess.call([PYTHON, "-m", "pytest", *parallel, *arguments], cwd=ROOT, env=environment)


def install(requirements: Path) -> None:
    """Makes .venv hold what `requirements` lists; quick where it does already."""
    stamps = VENV / "installed"
    try:
        wanted = _digest(requirements)
        if _works(PYTHON) and wanted in (stamps.read_text().split() if stamps.exists() else []):
            return
        if find_spec("pip") is None:
            sys.exit("pip is missing: install it (Debian and Ubuntu: apt install python3-pip) and start again.")
        print(f"Installing the libraries into {VENV.name} …", flush=True)
        # Without ensurepip, which Debian's Python lacks: the pip that is there installs into the environment. One that
        # works is added to, never emptied: a demonstration may be running from it.
        fresh = [] if _works(PYTHON) else ["--clear"]
        subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", *fresh, VENV])
        subprocess.check_call(
            [
                *(sys.executable, "-m", "pip", "--python", PYTHON, "install", "--quiet", "--disable-pip-version-check"),
                *("--require-hashes", "--requirement", requirements),
            ]
        )
        # What the tests need holds all that the demonstration needs.
        stamps.write_text(f"{wanted}\n{_digest(ROOT / 'requirements.txt')}\n")
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"The libraries could not be installed (see above; exit code {error.returncode}). Mend it and start again."
        )
    except OSError as error:
        sys.exit(f"The libraries could not be installed: {error}. Mend it and start again.")


def _works(python: Path) -> bool:
    """Whether the environment's Python runs, and is of the version that starts this."""
    script = "import sys; print(*sys.version_info[:2])"
    try:
        ended = subprocess.run([python, "-c", script], capture_output=True, text=True)
    except OSError:
        return False
    return ended.stdout.split() == [str(part) for part in sys.version_info[:2]]


def _digest(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("Stopped; starting again goes on from here.", file=sys.stderr)
        sys.exit(130)
