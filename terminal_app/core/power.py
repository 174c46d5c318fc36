"""Switches the computer off: the last thing that core does when the battery is nearly empty."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence

COMMAND_S_MAX = 10.0
ENDS_S_MAX = 60.0  # systemd has ended us long before; a command that did nothing lets core start again after this

_log = logging.getLogger(__name__)


async def switch_off(command: Sequence[str], told_to_stop: asyncio.Event) -> None:
    """Runs `command` with the journal closed, and waits for the end that it brings."""
    _log.critical("the battery is nearly empty; the journal is closed; to be run: %s", " ".join(command) or "nothing")
    if command:
        try:
            process = await asyncio.create_subprocess_exec(*command)
            async with asyncio.timeout(COMMAND_S_MAX):
                if code := await process.wait():
                    _log.critical("it ended with %d", code)
        except (OSError, TimeoutError) as error:
            _log.critical("it did not do it: %s", error)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(told_to_stop.wait(), ENDS_S_MAX)
