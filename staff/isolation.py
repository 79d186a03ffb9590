"""A stranger's file is read in a process of its own, so that the worst one costs a bounded time and memory. No Django.

The process is a module of ours, `python -m MODULE MEMORY CPU`: it calls `keep_to` first, reads the file from standard
input, and writes what it found to standard output.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[1]
#: What the process exits with when it ran out of memory.
EXHAUSTED = 3
#: What the process needs of our environment: nothing that is secret.
ENVIRONMENT = ("PATH", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Windows knows the wall clock alone."""

    memory: int = 512 * 1024 * 1024  # bytes of address space: a letter of 20 MB needs a quarter of it
    cpu: int = 5  # seconds
    wall: float = 10.0  # seconds
    patience: float = 3.0  # seconds until a slot is free


class NoAnswer(Exception):
    """Nothing is known of the file: no slot was free, or the process failed. The log says which."""


class TooCostly(Exception):
    """The file took more time or memory than it may, or ended its process."""


def run(module: str, given: bytes, limits: Limits, slots: BoundedSemaphore) -> bytes:
    """What the module finds of `given`, in one of the `slots`. Raises TooCostly or NoAnswer; whatever happens to the
    process, this ends."""
    if not slots.acquire(timeout=limits.patience):
        log.warning("A file was not examined by %s: others were, for all of %g s", module, limits.patience)
        raise NoAnswer
    try:
        return _run(module, given, limits)
    finally:
        slots.release()


def _run(module: str, given: bytes, limits: Limits) -> bytes:
    try:
        ended = subprocess.run(  # noqa: S603 (nothing of the file is in the command)
            [sys.executable, "-m", module, str(limits.memory), str(limits.cpu)],
            input=given,
            capture_output=True,
            timeout=limits.wall,
            cwd=ROOT,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _given_up(module, given, f"it took longer than {limits.wall:g} s") from None
    except OSError as error:
        log.error("%s cannot be started: %s", module, error)
        raise NoAnswer from error
    if ended.returncode < 0 or ended.returncode == EXHAUSTED:
        raise _given_up(module, given, f"its process ended with {ended.returncode}")
    if ended.returncode:
        last_line = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        log.error("%s ended with %d and no answer: %.200s", module, ended.returncode, last_line)
        raise NoAnswer
    return ended.stdout


def _given_up(module: str, given: bytes, why: str) -> TooCostly:
    log.warning("A file of %d bytes is too complicated for %s: %s", len(given), module, why)
    return TooCostly()


def keep_to(memory: int, cpu: int) -> None:
    """Limits the process in which it is called, where the system has such limits. Beyond the CPU's, it is killed."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (limit, limit))
        except (ValueError, OSError):  # macOS has the name of the first, not the thing
            continue
