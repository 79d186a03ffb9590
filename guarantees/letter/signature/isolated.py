"""Validates one file and ends: `python -m guarantees.letter.signature.isolated MEMORY CPU`, started by isolation.py.

No Django.

Standard input: the anchors as one line of JSON, then the file. Standard output: what was found as JSON.
"""

from __future__ import annotations

import json
import sys

from guarantees.letter.signature.isolation import presentable, to_json
from guarantees.letter.signature.validation import validate
from staff.isolation import EXHAUSTED, keep_to


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
