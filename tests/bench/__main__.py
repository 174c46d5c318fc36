"""All measurements one after another, or those named: `python -m tests.bench [journal codes ...]`.

Each is a program of its own (`python -m tests.bench.bench_journal --help`); they judge nothing, they print figures.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PREFIX = "bench_"


def main(wanted: list[str]) -> int:
    known = sorted(path.stem.removeprefix(PREFIX) for path in Path(__file__).parent.glob(f"{PREFIX}*.py"))
    if strangers := [name for name in wanted if name not in known]:
        print(f"no such measurement: {strangers[0]}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    failed = []
    for name in wanted or known:
        print(f"--- {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"tests.bench.{PREFIX}{name}"]).returncode:
            failed.append(name)
    if failed:
        print(f"broken off: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
