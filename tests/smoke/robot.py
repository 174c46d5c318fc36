"""The robot of the smoke run: real touches on the real window, and a clock for every wait."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

WAIT_S_MAX = 25.0
POLL_S = 0.1

Found = TypeVar("Found")


class RobotError(AssertionError):
    """What the robot waited for did not come; the text says what stood there instead."""


def wait_for(what: str, look: Callable[[], Found | None], timeout_s: float = WAIT_S_MAX) -> Found:
    """Looks until there is something.

    Raises:
        RobotError: nothing within the time.
    """
    deadline_s = time.monotonic() + timeout_s
    while True:
        if (found := look()) is not None and found is not False:
            return found
        if time.monotonic() > deadline_s:
            raise RobotError(f"waited {timeout_s:.0f} s for {what}")
        time.sleep(POLL_S)


class TouchRobot:
    """Sees the screen by its semantic tree, touches it through the X server like a finger."""

    def __init__(self, robot_socket: Path, display: str, shots: Path) -> None:
        self._socket = robot_socket
        self._display = display
        self._shots = shots
        self._shot_number = 0

    def ask(self, **request: object) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self._socket))
            connection.sendall(json.dumps(request).encode() + b"\n")
            answer: dict[str, Any] = json.loads(connection.makefile().readline())
            return answer

    def screen(self) -> str:
        return str(self.ask(do="tree")["screen"])

    def names(self) -> list[str]:
        return [str(node["name"]) for node in self.ask(do="tree")["nodes"]]

    def touchable(self) -> list[str]:
        return [str(node["key"]) for node in self.ask(do="tree")["nodes"] if node["key"]]

    def wait_screen(self, name: str, timeout_s: float = WAIT_S_MAX) -> None:
        try:
            wait_for(f"screen {name}", lambda: self.screen() == name or None, timeout_s)
        except RobotError as error:
            raise RobotError(f"{error}; the screen is {self.screen()}: {self.names()}") from None

    def touch(self, key: str) -> None:
        """Presses the node with this key (or name) at its centre, once it is enabled."""

        def ready() -> dict[str, Any] | None:
            for node in self.ask(do="tree")["nodes"]:
                if key in (node.get("key"), node["name"]) and node.get("enabled", True):
                    return dict(node)
            return None

        try:
            node = wait_for(f"«{key}» to be touchable", ready)
        except RobotError as error:
            raise RobotError(f"{error} on {self.screen()}: {self.ask(do='tree')['nodes']}") from None
        x, y = int(node["x"] + node["width"] / 2), int(node["y"] + node["height"] / 2)
        subprocess.run(
            ["xdotool", "mousemove", str(x), str(y), "mousedown", "1", "sleep", "0.06", "mouseup", "1"],
            env={**os.environ, "DISPLAY": self._display},
            check=True,
        )
        time.sleep(0.15)  # a finger is not faster, and the keypad debounces

    def type_digits(self, digits: str) -> None:
        for digit in digits:
            self.touch(f"digit_{digit}")

    def shoot(self, name: str) -> Path:
        self._shot_number += 1
        path = self._shots / f"{self._shot_number:02}-terminal-{name}.png"
        answer = self.ask(do="screenshot", path=str(path))
        assert answer.get("ok", True), answer
        return path
