"""Every benchmark, one after the other, each in a process of its own: python -m tests.benchmarks [NAME ...]

The exit code is 1 where one fails or misses what is expected of it. Run them on a machine that does nothing else.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALL = sorted(path.stem for path in HERE.glob("*.py") if "\nRun: python -m" in path.read_text(encoding="utf-8"))


def main(names: list[str]) -> int:
    if unknown := set(names) - set(ALL):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(ALL)}.")
    failed = []
    for name in names or ALL:
        print(f"--- {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], cwd=HERE.parents[1]).returncode:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All hold.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
