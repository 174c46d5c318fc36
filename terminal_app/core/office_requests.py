"""Questions to the office over the one link, each answered once: by its answer, or by silence. On core's loop.

A question asked without a line, or unanswered for `ANSWER_S_MAX`, is silence at once: nobody waits before a screen for
what may never come. What must not be lost goes through an outbox and not through here alone.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec import structs

from signaling_server.contract import messages as office
from signaling_server.contract.self_service import ServiceAnswer, ServiceRequest

ANSWER_S_MAX = 8.0

Answered = Callable[[ServiceAnswer | None], None]
Ask = Callable[[ServiceRequest, Answered], None]


async def answer_to(ask: Ask, request: ServiceRequest) -> ServiceAnswer | None:
    """The same for who can wait; None: silence."""
    answered: asyncio.Future[ServiceAnswer | None] = asyncio.get_running_loop().create_future()

    def answer(told: ServiceAnswer | None) -> None:
        if not answered.done():  # the link went, and we with it
            answered.set_result(told)

    ask(request, answer)
    return await answered


@dataclass(slots=True)
class OfficeRequests:
    """`send` gives a message to the link; `linked` says whether there is one."""

    send: Callable[[office.TerminalToServer], None]
    linked: Callable[[], bool]
    _waiting: dict[str, tuple[Answered, asyncio.TimerHandle]] = field(default_factory=dict)

    def ask(self, request: ServiceRequest, answered: Answered) -> None:
        """`answered` is called once, never before this returns; None: silence."""
        loop = asyncio.get_running_loop()
        if not self.linked():
            loop.call_soon(answered, None)
            return
        request_id = str(uuid.uuid4())
        timer = loop.call_later(ANSWER_S_MAX, self._end, request_id, None)
        self._waiting[request_id] = (answered, timer)
        self.send(structs.replace(request, request_id=request_id))

    def told(self, answer: ServiceAnswer) -> None:
        """An answer of the office; one that nobody waits for any more is let go."""
        self._end(answer.request_id, answer)

    def link_lost(self) -> None:
        """Whoever waits is not let wait: the next link knows nothing of these questions."""
        for request_id in list(self._waiting):
            self._end(request_id, None)

    def _end(self, request_id: str, answer: ServiceAnswer | None) -> None:
        if (waiting := self._waiting.pop(request_id, None)) is not None:
            answered, timer = waiting
            timer.cancel()
            answered(answer)
