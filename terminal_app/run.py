"""Supervises core, ui and media where systemd does not. On a terminal systemd does it, with a watchdog."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

from terminal_app.supervisor import Family, Program


def terminal_programs(config: Path, run_dir: Path, robot_socket: Path | None) -> list[Program]:
    """The three programs of a terminal; core first, though any order works."""
    common = ["--config", str(config), "--run-dir", str(run_dir)]
    robot = [] if robot_socket is None else ["--robot-socket", str(robot_socket)]
    module = [sys.executable, "-m", "terminal_app"]
    return [
        Program("core", [*module, "core", *common], restart=True),
        Program("media", [*module, "media", *common], restart=True),
        Program("ui", [*module, "ui", *common, *robot], restart=True),
    ]


async def run_terminal(config: Path, run_dir: Path, robot_socket: Path | None) -> int:
    """Runs until SIGTERM or Ctrl-C; a program that falls is started again."""

    def pass_on(name: str, line: dict[str, Any]) -> None:
        print(json.dumps({"program": name, **line}), flush=True)

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    family = Family(pass_on)
    try:
        for program in terminal_programs(config, run_dir, robot_socket):
            await family.add(program)
        await stopped.wait()
    finally:
        await family.stop()
    return 0
