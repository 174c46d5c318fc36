"""The one loop that moves bytes between a session and its line."""

from __future__ import annotations

import time
from collections.abc import Callable

from device_drivers.contract.errors import LineLostError
from device_drivers.session import Event, Session
from device_drivers.transport.line import Line

IDLE_S_MAX = 0.05  # a verb queued meanwhile leaves soon
READ_SIZE_MAX = 512


async def pump(
    session: Session[Event], line: Line, emit: Callable[[Event], None], clock_s: Callable[[], float] = time.monotonic
) -> None:
    """Moves bytes for as long as the line holds. The session outlives its line.

    Raises:
        LineLostError: the port is gone, and the session's events about it are told; the caller reopens with backoff.
    """
    try:
        while True:
            if data := session.bytes_to_send(clock_s()):
                await line.write(data)
            _tell(session, emit)
            wait_s = min(IDLE_S_MAX, max(0.0, session.wakes_at_s() - clock_s()))
            session.receive(await line.read(READ_SIZE_MAX, timeout_s=wait_s), clock_s())
    except LineLostError:
        session.line_lost(clock_s())
        _tell(session, emit)
        raise


def _tell(session: Session[Event], emit: Callable[[Event], None]) -> None:
    for event in session.take_events():
        emit(event)
