"""Validates one file and ends: `python -m guarantees.letter.signature.isolated MEMORY CPU`, started by isolation.py.

No Django.

Standard input: the anchors as one line of JSON, then the file. Standard output: what was found as JSON.
"""

from __future__ import annotations

import json
import sys
from types import ModuleType


class _NotNeeded(ModuleType):
    """Stands where a library would that others import, and of whose names they need that there are such."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):  # what every module is asked for
            raise AttributeError(name)
        return type(name, (), {})


# pyHanko imports an HTTP client for what it might fetch. Nothing is fetched here, and importing that client takes a
# third of the time to start: this process does without, and so has nothing to speak to anybody with.
sys.modules["aiohttp"] = _NotNeeded("aiohttp")

from guarantees.letter.signature.isolation import presentable, to_json  # noqa: E402 (only now)
from guarantees.letter.signature.validation import validate  # noqa: E402
from staff.isolation import EXHAUSTED, keep_to  # noqa: E402


def main(memory: int, cpu: int) -> int:
    keep_to(memory, cpu)
    try:
        anchors = [anchor.encode("latin-1") for anchor in json.loads(sys.stdin.buffer.readline())]
        sys.stdout.buffer.write(to_json(presentable(validate(sys.stdin.buffer.read(), anchors))))
    except MemoryError:
        return EXHAUSTED
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
