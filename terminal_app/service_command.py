"""`python -m terminal_app service encash`: the collector's way through an emptying, in a shell at the terminal.

Asks for card, PIN and the bag's number, says what to do, shows the slips. What is asked may come by a pipe.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from terminal_app.ipc import service_messages as m
from terminal_app.ipc.channel import Channel, connect

SOCKET = "service.sock"
CONNECT_S_MAX = 10.0
TRIES_MAX = 5  # of one question


class ServiceError(Exception):
    """The text is for the person at the keyboard."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("encash",), help="empty the cassette")
    parser.add_argument("--run-dir", type=Path, required=True, help="where the terminal's sockets live")


def encash(run_dir: Path) -> int:
    """0 when the collection is over, 1 when the collector was not let in. Raises ServiceError."""
    return asyncio.run(_encash(run_dir))


async def _encash(run_dir: Path) -> int:
    try:
        async with asyncio.timeout(CONNECT_S_MAX):
            channel: Channel[m.EncashmentState] = await connect(run_dir / SOCKET, m.EncashmentState)
    except TimeoutError:
        raise ServiceError(f"терминал не запущен: в {run_dir} нет {SOCKET}") from None
    try:
        return await _converse(channel)
    finally:
        await channel.close()


async def _converse(channel: Channel[m.EncashmentState]) -> int:
    said = slip = ""
    tries = 0
    while (state := await channel.receive()) is not None:
        if state.trouble:
            print(f"! {state.trouble}", flush=True)
        if state.slip and state.slip != slip:
            print(state.slip, flush=True)
            slip = state.slip
        if state.words != said:
            print(state.words, flush=True)
            said, tries = state.words, 0
        asked = await _asked(state)
        if state.stage is m.EncashmentStage.DONE:
            channel.send(m.CollectorLeft())
            return 0
        if asked is not None:
            tries += 1
            if tries > TRIES_MAX:
                channel.send(m.CollectorLeft())
                return 1
            channel.send(asked)
    raise ServiceError("терминал закрыл соединение; инкассация осталась такой, как она в журнале")


async def _asked(state: m.EncashmentState) -> m.ServiceToCore | None:
    """What the stage needs of the collector."""
    match state.stage:
        case m.EncashmentStage.SIGN_IN:
            card_id = await _line("Карта: ", input)
            return m.SignInAsked(card_id, await _line("ПИН-код: ", getpass.getpass if sys.stdin.isatty() else input))
        case m.EncashmentStage.SEAL:
            return m.SealTyped(await _line("Номер сумки: ", input))
        case _:
            return None


async def _line(prompt: str, read: Callable[[str], str]) -> str:
    try:
        return (await asyncio.to_thread(read, prompt)).strip()
    except EOFError:
        raise ServiceError("ввод закончился, инкассация не начата") from None
