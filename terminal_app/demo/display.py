"""Where the terminal's window opens: the machine's display, or a virtual one that is shown in the browser."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from terminal_app.supervisor import Family, Program

WINDOW = (720, 1280)  # the portrait panel at two thirds: software GL draws it at a usable rate
DISPLAY_S_MAX = 20.0
NOVNC_PAGES = Path("/usr/share/novnc")


class DisplayError(Exception):
    """There is nowhere to show the screen."""


@dataclass(frozen=True, slots=True)
class DemoScreen:
    environment: dict[str, str]
    window: str
    in_browser: bool


async def virtual_display(family: Family, display: str, vnc_port: int, novnc_port: int, logs: Path) -> DemoScreen:
    """The given display when there is one; otherwise Xvfb with a VNC bridge.

    Raises:
        DisplayError: the programs for it are missing or do not start.
    """
    window = f"{WINDOW[0]}x{WINDOW[1]}"
    if display:
        return DemoScreen({"DISPLAY": display}, window, in_browser=False)
    for program in ("Xvfb", "x11vnc", "websockify"):
        if shutil.which(program) is None:
            raise DisplayError(f"there is no display and {program} is missing: run make setup, or set DISPLAY")
    number = _free_display()
    log = logs / "display.log"
    screen = f"{window}x24"
    await family.add(
        Program("xvfb", ["Xvfb", f":{number}", "-screen", "0", screen, "-nolisten", "tcp", "-noreset"], log=log)
    )
    await _until_exists(_socket_of(number))
    vnc = ["x11vnc", "-display", f":{number}", "-localhost", "-rfbport", str(vnc_port), "-nopw", "-shared", "-forever"]
    quiet = ["-quiet", "-noxdamage", "-noipv6", "-nosel", "-noxrecord"]
    await family.add(Program("vnc", [*vnc, *quiet], restart=True, log=log))
    bridge = ["websockify", f"127.0.0.1:{novnc_port}", f"127.0.0.1:{vnc_port}"]
    await family.add(Program("novnc", bridge, restart=True, log=log))
    return DemoScreen({"DISPLAY": f":{number}", "LIBGL_ALWAYS_SOFTWARE": "1"}, window, in_browser=True)


def _socket_of(number: int) -> Path:
    return Path(f"/tmp/.X11-unix/X{number}")  # noqa: S108 - the X server's own place


def _free_display() -> int:
    for number in range(90, 200):
        if not _socket_of(number).exists() and not Path(f"/tmp/.X{number}-lock").exists():  # noqa: S108
            return number
    raise DisplayError("all virtual displays from :90 to :199 are taken")


async def _until_exists(path: Path) -> None:
    deadline_s = time.monotonic() + DISPLAY_S_MAX
    while not path.exists():
        if time.monotonic() > deadline_s:
            raise DisplayError("the virtual display did not start (see display.log)")
        await asyncio.sleep(0.05)
