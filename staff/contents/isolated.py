"""Reads one file and ends: `python -m staff.contents.isolated MEMORY CPU`, started by examination.py. No Django.

Standard input: the file. Standard output: what was found as JSON.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from staff.contents.found import Unfit
from staff.contents.reading import read
from staff.isolation import EXHAUSTED, keep_to


def main(memory: int, cpu: int) -> int:
    keep_to(memory, cpu)
    logging.disable()
    found: dict[str, Any]
    try:
        contents = read(sys.stdin.buffer.read())
        found = {"kind": contents.kind, "pages": contents.pages}
    except Unfit as unfit:
        found = {"fault": unfit.fault}
    except MemoryError:
        return EXHAUSTED
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
