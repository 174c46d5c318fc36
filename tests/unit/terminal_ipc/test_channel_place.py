"""Where a program of the terminal listens: a killed one's socket is replaced, anybody else's file is not."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path

import pytest

from device_drivers.transport.socket_place import SocketPlaceError
from terminal_app.__main__ import main
from terminal_app.ipc.channel import serve
from terminal_app.ipc.messages import UiToCore


def listen(path: Path) -> None:
    async def once() -> None:
        (await serve(path, UiToCore, lambda channel: None)).close()

    asyncio.run(once())


def test_core_listens_where_a_killed_core_left_its_socket(tmp_path: Path) -> None:
    path = tmp_path / "core.sock"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))
    listen(path)


def test_core_takes_no_file_for_a_socket(tmp_path: Path) -> None:
    path = tmp_path / "core.sock"
    path.write_text("mine")
    with pytest.raises(SocketPlaceError, match="is no socket"):
        listen(path)
    assert path.read_text() == "mine"


def test_the_robots_socket_takes_no_file_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, config = tmp_path / "robot", tmp_path / "terminal.toml"
    path.write_text("mine")
    config.write_text(f'data_dir = "{tmp_path}/data"\n')
    words = ["ui", "--config", str(config), "--run-dir", str(tmp_path / "run"), "--robot-socket", str(path)]
    monkeypatch.setattr(sys, "argv", ["terminal_app", *words])
    assert main() == 1
    assert (
        capsys.readouterr().err
        == f"terminal_app ui: {path} exists and is no socket: it is left alone, name another place\n"
    )
    assert path.read_text() == "mine"
