"""Run inside a program of the terminal: at SIGUSR1 it says which needles lie in any live object of that program.

Python's own view of its memory: every str and bytes that an object still holds, and how many textures live. What freed
memory held is not looked at. `python -m tests.integration.memory_probe OUT NEEDLES MODULE ARGUMENTS...`: NEEDLES is a
file with a JSON list, read at each look.
"""

from __future__ import annotations

import gc
import json
import runpy
import signal
import sys
from pathlib import Path


def install(out: Path, needles: Path) -> None:
    signal.signal(signal.SIGUSR1, lambda *_: _look(out, needles))


def _look(out: Path, needles_path: Path) -> None:
    gc.collect()
    needles = json.loads(needles_path.read_text("utf-8"))
    found: dict[str, list[str]] = {}
    seen, textures = {id(needles), id(found)}, 0
    waiting = gc.get_objects()
    seen.add(id(waiting))
    while waiting:  # into what the collector does not follow by itself, too: a frozen value of texts
        holder = waiting.pop()
        if id(holder) in seen:
            continue
        seen.add(id(holder))
        textures += type(holder).__name__ in ("Texture", "TextureRegion")
        for held in gc.get_referents(holder):
            if issubclass(type(held), (str, bytes, bytearray)):  # a weak proxy would answer for another
                _compare(held, holder, needles, found)
            else:
                waiting.append(held)
    new = out.with_suffix(".new")
    new.write_text(json.dumps({"found": found, "textures": textures}, ensure_ascii=False), "utf-8")
    new.replace(out)


def _compare(held: str | bytes | bytearray, holder: object, needles: list[str], found: dict[str, list[str]]) -> None:
    text = held if isinstance(held, str) else bytes(held).decode("utf-8", "replace")
    for needle in needles:
        if needle in text:
            found.setdefault(needle, []).append(f"{type(holder).__name__}: {text[:80]!r}")


def main() -> None:
    out, needles, module, *arguments = sys.argv[1:]
    install(Path(out), Path(needles))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
