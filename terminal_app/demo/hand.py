"""The customer's hand at the demo: puts notes in, takes the paper away, holds a bill before the camera."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from device_drivers.simulators.control import command
from payment.money import MoneyFormatError, parse_rubles

STAND_FILE = "stand.json"
SLOT_S_MAX = 5.0  # so long a person pushes a note at a slot that does not draw it in
PUSH_S = 0.1


class HandError(Exception):
    """The hand cannot do that; the text says why."""


class HandWordError(HandError):
    """Nobody can: the act or its word is not one."""


def stand(data: Path) -> dict[str, str]:
    """Where the running demo keeps its sockets.

    Raises:
        HandError: no demo runs on this data folder.
    """
    try:
        found: dict[str, str] = json.loads((data / STAND_FILE).read_text())
    except (OSError, json.JSONDecodeError) as error:
        raise HandError(f"в {data} демо не запущено: начните с make demo") from error
    return found


async def act(data: Path, words: Sequence[str]) -> str:
    """Does one thing, answers with one JSON line.

    Raises:
        HandError: unknown act, wrong argument, or the simulator refused.
    """
    verb, *rest = words
    if verb not in _ACTS:
        raise HandWordError(f"рука не умеет «{verb}», умеет: {', '.join(sorted(_ACTS))}")
    answer = await _ACTS[verb](stand(data), rest)
    return json.dumps(answer, ensure_ascii=False)


def _one(rest: Sequence[str], what: str, allowed: Sequence[str] = ()) -> str:
    if len(rest) != 1 or (allowed and rest[0] not in allowed):
        raise HandWordError(f"нужно ровно одно слово: {what}" + (f" ({' | '.join(allowed)})" if allowed else ""))
    return rest[0]


def _nothing_more(rest: Sequence[str]) -> None:
    if rest:
        raise HandWordError(f"после этого слова ничего не нужно, «{rest[0]}» лишнее")


async def _ask(place: dict[str, str], device: str, request: dict[str, object]) -> dict[str, Any]:
    try:
        answer = await command(Path(place[device]), request)
    except OSError as error:
        raise HandError(f"имитатор {device} не отвечает: {error.strerror}") from error
    if not answer.get("ok"):
        raise HandError(f"имитатор отказался: {answer.get('error', '')}")
    return answer


async def _insert(place: dict[str, str], rest: Sequence[str]) -> dict[str, Any]:
    word = _one(rest, "сумма в рублях или junk — бумага, которая не деньги")
    try:
        value_minor = 0 if word == "junk" else parse_rubles(word)
    except MoneyFormatError as error:
        raise HandWordError(f"«{word}» — не сумма в рублях") from error
    end_s = time.monotonic() + SLOT_S_MAX
    while True:
        try:
            return await _ask(place, "validator", {"do": "insert", "value_minor": value_minor})
        except HandError:  # it starts, or the note before this one is still on its way
            if time.monotonic() >= end_s:
                raise
        await asyncio.sleep(PUSH_S)


async def _jam(place: dict[str, str], rest: Sequence[str]) -> dict[str, Any]:
    _nothing_more(rest)
    return await _ask(place, "validator", {"do": "jam"})


async def _clear(place: dict[str, str], rest: Sequence[str]) -> dict[str, Any]:
    _nothing_more(rest)
    return await _ask(place, "validator", {"do": "clear"})


async def _cassette(place: dict[str, str], rest: Sequence[str]) -> dict[str, Any]:
    present = _one(rest, "где кассета", ("in", "out")) == "in"
    return await _ask(place, "validator", {"do": "cassette", "present": present})


async def _paper(place: dict[str, str], rest: Sequence[str]) -> dict[str, Any]:
    return await _ask(place, "printer", {"do": "paper", "state": _one(rest, "сколько бумаги", ("ok", "low", "out"))})


async def _cover(place: dict[str, str], rest: Sequence[str]) -> dict[str, Any]:
    is_open = _one(rest, "крышка", ("open", "closed")) == "open"
    return await _ask(place, "printer", {"do": "cover", "open": is_open})


async def _show_bill(place: dict[str, str], rest: Sequence[str]) -> dict[str, Any]:
    """The camera's picture shows whatever picture file stands at the held path; it is replaced in one step."""
    source = Path(_one(rest, "файл с картинкой"))
    try:
        with Image.open(source) as picture:
            picture.verify()
    except (OSError, SyntaxError) as error:  # Pillow's two ways to say that a file is no picture
        raise HandError(f"{source} — не картинка или не читается") from error
    held = Path(place["held"])
    fresh = held.with_suffix(".new")
    try:
        shutil.copyfile(source, fresh)
    except OSError as error:
        raise HandError(f"{source} не читается: {error.strerror}") from error
    fresh.rename(held)
    return {"ok": True, "held": source.name}


async def _hide_bill(place: dict[str, str], rest: Sequence[str]) -> dict[str, Any]:
    _nothing_more(rest)
    Path(place["held"]).unlink(missing_ok=True)
    return {"ok": True}


async def _state(place: dict[str, str], rest: Sequence[str]) -> dict[str, Any]:
    _nothing_more(rest)
    return {
        "validator": await _ask(place, "validator", {"do": "state"}),
        "printer": await _ask(place, "printer", {"do": "state"}),
    }


_ACTS: dict[str, Callable[[dict[str, str], Sequence[str]], Awaitable[dict[str, Any]]]] = {
    "insert": _insert,
    "jam": _jam,
    "clear": _clear,
    "cassette": _cassette,
    "paper": _paper,
    "cover": _cover,
    "show-bill": _show_bill,
    "hide-bill": _hide_bill,
    "state": _state,
}
