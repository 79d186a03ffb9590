"""Validates one file and ends: `python -m guarantees.letter.signature.isolated MEMORY CPU`, started by isolation.py.

No Django.

Standard input: the anchors as one line of JSON, then the file. Standard output: what was found as JSON.
"""

from __future__ import annotations

import json
import sys

from guarantees.letter.signature.isolation import EXHAUSTED, presentable, to_json
from guarantees.letter.signature.validation import validate


def main(memory: int, cpu: int) -> int:
    _limit(memory, cpu)
    try:
        anchors = [anchor.encode("latin-1") for anchor in json.loads(sys.stdin.buffer.readline())]
        sys.stdout.buffer.write(to_json(presentable(validate(sys.stdin.buffer.read(), anchors))))
    except MemoryError:
        return EXHAUSTED
    return 0


def _limit(memory: int, cpu: int) -> None:
    """Where the system has such limits. Beyond the CPU's, it kills the process."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (limit, limit))
        except (ValueError, OSError):  # macOS has the name of the first, not the thing
            continue


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
