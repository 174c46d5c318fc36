"""Answers a robot on a unix socket, one JSON line each: what is on the glass, and a picture of it.

It exists only when `--robot-socket` was given. The robot does real touches by itself; nothing here presses anything.
An answer comes once a touch would count or, with `"when": "still"`, once the screen stands still.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import zlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

from terminal_app.ui.semantics import Node
from terminal_app.ui.voice.voice import Voice
from terminal_app.ui.widgets.surface import Surface
from terminal_app.ui.widgets.video import rings

LINE_SIZE_MAX = 4096
STILL_PICTURES = 3  # alike, one after another
ANSWER_S_MAX = 10.0


class Glass(Protocol):
    """What the robot asks about."""

    surface: Surface
    voice: Voice
    frames_drawn: int

    @property
    def shown(self) -> str: ...

    @property
    def revision(self) -> int: ...

    @property
    def dialog(self) -> str: ...


class RobotSocket:
    """One robot at a time, on its own thread; every answer is made on the drawing thread."""

    def __init__(self, path: Path, glass: Glass) -> None:
        """`path` is free: `clear_socket_place` was asked before there was a window."""
        self._path = path
        self._glass = glass
        self._server = socket.socket(socket.AF_UNIX)

    def start(self) -> None:
        self._server.bind(str(self._path))
        self._path.chmod(0o600)
        self._server.listen(1)
        threading.Thread(target=self._serve, name="robot", daemon=True).start()

    def close(self) -> None:
        self._server.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                while line := stream.readline(LINE_SIZE_MAX):
                    stream.write(json.dumps(self._answer(line), ensure_ascii=False).encode() + b"\n")
                    stream.flush()

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
            act = self._acts()[request["do"]]
        except (ValueError, KeyError, TypeError):
            return {"error": "expected one JSON line with do: tree, screenshot, frames or said"}
        ready = _Still(self._glass.surface) if request.get("when") == "still" else self._takes_a_touch
        return _on_main(lambda: act(request), ready)

    def _takes_a_touch(self) -> bool:
        """A new screen has settled, and a touch would be no echo."""
        return self._glass.surface.filter.allows(Clock.get_time(), Clock.frametime)

    def _acts(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        return {"tree": self._tree, "screenshot": self._screenshot, "frames": self._frames, "said": self._said}

    def _said(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"said": list(self._glass.voice.last_said)}

    def _tree(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "screen": self._glass.shown,
            "revision": self._glass.revision,
            "dialog": self._glass.dialog,
            "width": int(Window.width),
            "height": int(Window.height),
            "nodes": [asdict(node) for node in self._glass.surface.semantics()],
        }

    def _screenshot(self, request: dict[str, Any]) -> dict[str, Any]:
        path = request.get("path")
        if not isinstance(path, str):
            return {"error": "screenshot needs a path"}
        width, height = int(Window.system_size[0]), int(Window.system_size[1])
        Window.dispatch("on_draw")
        rows = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
        write = ppm if path.endswith(".ppm") else png
        try:
            Path(path).write_bytes(write(bytes(rows), width, height))
        except OSError as error:
            return {"error": f"cannot write {path}: {error.strerror}"}
        return {"path": path}

    def _frames(self, _: dict[str, Any]) -> dict[str, Any]:
        return {**rings.frames_drawn(), "drawn": self._glass.frames_drawn}


class _Still:
    """For who only looks: nothing has moved for some pictures. A screen cut into pages rests between layouts."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._last: list[Node] | None = None
        self._alike = 0

    def __call__(self) -> bool:
        before, self._last = self._last, self._surface.semantics()
        self._alike = self._alike + 1 if self._last == before else 0
        return self._alike >= STILL_PICTURES


def _on_main(act: Callable[[], dict[str, Any]], ready: Callable[[], bool]) -> dict[str, Any]:
    """Runs on the drawing thread once `ready`, which is asked between two pictures."""
    done = threading.Event()
    answer: dict[str, Any] = {"error": "the screen does not answer"}

    def run(_: float) -> None:
        if not ready():
            Clock.schedule_once(run, 0)
            return
        nonlocal answer
        answer = act()
        done.set()

    # Two laps: layouts asked for by the last state are done in the first.
    Clock.schedule_once(lambda _: Clock.schedule_once(run, 0), 0)
    done.wait(ANSWER_S_MAX)
    return answer


def png(rows: bytes, width: int, height: int) -> bytes:
    """RGB rows from the bottom, as OpenGL gives them, as a PNG file."""
    stride = width * 3
    lines = (b"\0" + rows[at : at + stride] for at in range((height - 1) * stride, -1, -stride))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(lines), 1)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def ppm(rows: bytes, width: int, height: int) -> bytes:
    """The same uncompressed, for who looks at it once."""
    stride = width * 3
    lines = (rows[at : at + stride] for at in range((height - 1) * stride, -1, -stride))
    return b"P6 %d %d 255\n" % (width, height) + b"".join(lines)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
