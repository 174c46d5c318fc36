"""Who works in the demo: two consultants at the desk, a technician and a collector with cards; made at the start."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from payment.encashment.collector import PinError, check_new_pin
from terminal_app.supervisor import ChildError

AGENTS_MARK, CARDS_MARK = "agents-added", "cards-added"
PASSWORD_FILE, PIN_FILE = "desk-password", "service-pin"
PIN_LENGTH = 6
AGENTS = (
    ("anna", "Соколова", "Анна", "Викторовна", "консультант"),
    ("pavel", "Орлов", "Павел", "Сергеевич", "главный специалист-консультант"),
)
TECHNICIAN_CARD, COLLECTOR_CARD = "7001", "7002"
_CARDS = (("technician", "Сидоров С. С.", TECHNICIAN_CARD), ("collector", "Петров П. П.", COLLECTOR_CARD))


@dataclass(frozen=True, slots=True)
class Secrets:
    """What opens the desk, and service mode with either card."""

    password: str
    pin: str


async def settle(data: Path, office: Path) -> Secrets:
    """Before the office runs. Raises ChildError."""
    known = Secrets(
        _kept(data / PASSWORD_FILE, lambda: secrets.token_urlsafe(6)),
        _kept(data / PIN_FILE, _new_pin),
    )
    wanted = {AGENTS_MARK: _agents(office, known.password), CARDS_MARK: _cards(office, known.pin)}
    lacking = {mark: commands for mark, commands in wanted.items() if not (data / mark).exists()}
    commands = [each for group in lacking.values() for each in group]
    for words, stdin in commands[:1]:
        await command(words, stdin)  # makes the database; the others then need not wait for each other
    await asyncio.gather(*(command(words, stdin) for words, stdin in commands[1:]))
    for mark in lacking:
        (data / mark).touch()
    return known


async def command(words: Sequence[str], stdin: str = "") -> str:
    """Runs one of our commands to its end and returns what it printed. Raises ChildError."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate((stdin + "\n").encode())
    if process.returncode != 0:
        raise ChildError(f"{' '.join(words[:2])}: {errors.decode(errors='replace').strip()[-600:]}")
    return output.decode()


def _agents(office: Path, password: str) -> list[tuple[list[str], str]]:
    """Words of a command and what it reads."""
    made = []
    for login, last, first, patronymic, position in AGENTS:
        words = ["signaling_server", "agent", "add", "--data", str(office), "--replace", "--login", login]
        words += ["--last-name", last, "--first-name", first, "--patronymic", patronymic]
        words += ["--position", position, "--role", "agent", "--role", "accountant"]  # two: money needs four eyes
        made.append((words, password))
    return made


def _cards(office: Path, pin: str) -> list[tuple[list[str], str]]:
    words = ["signaling_server"]
    return [
        ([*words, role, "add", "--data", str(office), "--name", name, "--card", card], pin)
        for role, name, card in _CARDS
    ]


def _new_pin() -> str:
    while True:
        pin = f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}d}"
        try:
            check_new_pin(pin)
        except PinError:
            continue
        return pin


def _kept(path: Path, make: Callable[[], str]) -> str:
    """One for this demo's data, made at the first start."""
    if not path.exists():
        path.write_text(make())
        path.chmod(0o600)
    return path.read_text().strip()
