"""A terminal's screen on a bench: a virtual display, the real ui program, a core that only speaks, a real finger."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from terminal_app.ipc import channel
from terminal_app.ipc.messages import TerminalState, UiAlive, UiHello, UiToCore

START_S_MAX = 30.0
ANSWER_S_MAX = 8.0
POLL_S = 0.02


class FakeCore:
    """Serves core.sock, remembers every command, sends the states it is given."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loop = asyncio.new_event_loop()
        self._channels: list[channel.Channel[Any]] = []
        self._server: asyncio.Server | None = None
        self._revision = 0
        self.state: TerminalState | None = None
        self.commands: list[Any] = []
        self.alive: list[int] = []
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.start()

    def start(self) -> None:
        self._call(self._serve())

    def stop(self) -> None:
        """Dies as a killed core does: connections drop."""
        self._call(self._close())

    def push(self, state: TerminalState) -> int:
        self._revision += 1
        self.state = msgspec.structs.replace(state, revision=self._revision)
        self._call(self._send())
        return self._revision

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(ANSWER_S_MAX)

    async def _serve(self) -> None:
        self._server = await channel.serve(self._path, UiToCore, self._on_channel)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for opened in self._channels:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(opened.close(), 1.0)
        self._channels.clear()

    async def _send(self) -> None:
        assert self.state is not None
        for opened in self._channels:
            opened.send(self.state)

    async def _on_channel(self, opened: channel.Channel[Any]) -> None:
        self._channels.append(opened)
        if self.state is not None:
            opened.send(self.state)
        while (message := await opened.receive()) is not None:
            if isinstance(message, UiAlive):
                self.alive.append(message.frames_drawn)
            elif not isinstance(message, UiHello):
                self.commands.append(message)
        if opened in self._channels:
            self._channels.remove(opened)


class Kiosk:
    """The ui program, its robot socket and a finger (xdotool) on its display."""

    def __init__(
        self,
        run_dir: Path,
        display: str,
        size: tuple[int, int],
        panel_ppi: float | None = None,
        main: str = "terminal_app.ui.app",
    ) -> None:
        self.run_dir = run_dir
        self.display = display
        self.core = FakeCore(run_dir / "core.sock")
        program = (
            f"import sys; from pathlib import Path; from {main} import main;"
            "run_dir, window, robot, ppi = sys.argv[1:];"
            "main(Path(run_dir), window=window, robot_socket=Path(robot), panel_ppi=float(ppi) or None)"
        )
        robot = run_dir / "robot.sock"
        paths = os.pathsep.join(
            (str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))
        )  # `main` may be a test's
        environment = {**os.environ, "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1", "PYTHONPATH": paths}
        self._log = (run_dir / "ui.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, str(run_dir), f"{size[0]}x{size[1]}", str(robot), str(panel_ppi or 0)],
            env=environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._robot = socket.socket(socket.AF_UNIX)
        self._until(lambda: self._connected(robot), START_S_MAX)
        self._stream = self._robot.makefile("rwb")

    def ask(self, do: str, **values: object) -> dict[str, Any]:
        self._stream.write(json.dumps({"do": do, **values}).encode() + b"\n")
        self._stream.flush()
        return json.loads(self._stream.readline())

    def tree(self) -> dict[str, Any]:
        return self.ask("tree")

    def show(self, state: TerminalState) -> dict[str, Any]:
        """Pushes a state and waits until it is on the glass and takes touches."""
        revision = self.core.push(state)
        return self.wait_for(lambda tree: tree["revision"] == revision)

    def look(self, state: TerminalState) -> dict[str, Any]:
        """Pushes a state and waits until it stands still on the glass; a touch may still be too early for it."""
        revision = self.core.push(state)
        found: list[dict[str, Any]] = []

        def still() -> bool:
            found[:] = [self.ask("tree", when="still")]
            return bool(found[0].get("revision") == revision)  # a machine that did not answer in time is asked again

        self._until(still, ANSWER_S_MAX)
        return found[0]

    def wait_for(self, holds: Callable[[dict[str, Any]], bool], within_s: float = ANSWER_S_MAX) -> dict[str, Any]:
        found: list[dict[str, Any]] = [self.tree()]

        def look() -> bool:
            found[0] = self.tree()
            return holds(found[0])

        self._until(look, within_s)
        return found[0]

    def node(self, key: str) -> dict[str, Any]:
        return next(node for node in self.tree()["nodes"] if node["key"] == key)

    def touch(self, key: str, dx: float = 0.0, dy: float = 0.0) -> None:
        """A real press and release at the middle of a node, or beside it."""
        node = self.node(key)
        x, y = node["x"] + node["width"] / 2 + dx, node["y"] + node["height"] / 2 + dy
        self.finger("mousemove", str(round(x)), str(round(y)), "click", "1")

    def finger(self, *words: str) -> None:
        subprocess.run(
            ["xdotool", *words], env={**os.environ, "DISPLAY": self.display}, check=True, timeout=ANSWER_S_MAX
        )

    def commands(self, *kinds: type) -> list[Any]:
        return [command for command in self.core.commands if isinstance(command, kinds)]

    def wait_command(self, kind: type) -> Any:
        self._until(lambda: bool(self.commands(kind)), ANSWER_S_MAX)
        return self.commands(kind)[0]

    def picture(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        answer = self.ask("screenshot", path=str(path.resolve()))
        assert "error" not in answer, answer

    def close(self) -> None:
        self._robot.close()
        self.process.terminate()
        self.process.wait(10)
        self._log.close()
        self.core.close()

    def _connected(self, path: Path) -> bool:
        assert self.process.poll() is None, (self.run_dir / "ui.log").read_text()
        try:
            self._robot.connect(str(path))
        except OSError:
            return False
        return True

    def _until(self, holds: Callable[[], bool], within_s: float) -> None:
        give_up_at_s = time.monotonic() + within_s
        while not holds():
            assert time.monotonic() < give_up_at_s, (
                f"not within {within_s} s; ui said: " + (self.run_dir / "ui.log").read_text()[-2000:]
            )
            time.sleep(POLL_S)


@contextlib.contextmanager
def virtual_display(width: int, height: int) -> Iterator[str]:
    """An Xvfb on a number it finds free by itself."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as numbers:
        number = numbers.readline().strip()
    assert number, "Xvfb did not start"
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)
