"""The acquirer of СБП, terminal's side: payment's AcquirerPort over HTTP.

`operation_id` is ours and is the bank's order number: a lost answer is asked for again and never paid for twice.
Leaving the screen cancels nothing: the core asks until a final state. Source: payments notes, section 6.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace

import aiohttp

from payment.billing.exchange import NoAnswerError, exchange
from payment.billing.http_values import Answer, Request
from payment.billing.sbp_answers import (
    order_request,
    read_refunded,
    read_registered,
    read_state,
    refund_request,
    register_request,
)
from payment.billing.sbp_dialects import AcquirerDialect, Route
from payment.contract import QrAnswered, QrNotRegistered, QrRefundAnswered, QrRegistered, QrState

DEADLINE_S = 10  # of one question; how long a QR waits for its customer is the core's
BODY_SIZE_MAX = 64 * 1024

REFUSED_STATUS = 422  # the bank's word that it will not do it, however often it is asked

AcquirerEvent = QrRegistered | QrNotRegistered | QrAnswered | QrRefundAnswered
_log = logging.getLogger(__name__)


class SbpAcquirer:
    """Every verb is answered by exactly one event while the port is open."""

    def __init__(
        self,
        url: str,
        *,
        session: aiohttp.ClientSession,
        post_event: Callable[[AcquirerEvent], None],
        dialect: AcquirerDialect,
        token: str = "",
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._url = url
        self._session = session
        self._post_event = post_event
        self._dialect = dialect
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._deadline_s = deadline_s
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self, operation_id: str, amount_minor: int, account: str) -> None:
        """Answered by `QrRegistered` or `QrNotRegistered`; a repeat finds the same QR."""
        self._run(self._register(operation_id, amount_minor, account))

    def ask(self, operation_id: str) -> None:
        """Answered by `QrAnswered`."""
        self._run(self._ask(self._dialect.ask, operation_id))

    def cancel(self, operation_id: str) -> None:
        """Answered by `QrAnswered` as the QR stands then: money under way is not stopped."""
        self._run(self._ask(self._dialect.cancel, operation_id))

    def refund(self, operation_id: str, amount_minor: int) -> None:
        """Gives back all that was paid; answered by `QrRefundAnswered`. A repeat finds the first refund."""
        self._run(self._refund(operation_id, amount_minor))

    async def close(self) -> None:
        """Leaves what is on the way without an answer: the journal knows the intent and asks again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _register(self, operation_id: str, amount_minor: int, account: str) -> None:
        request = register_request(self._dialect, self._url, operation_id, amount_minor, account)
        try:
            body = await self._exchange(request)
        except NoAnswerError as error:
            _log.warning("QR %s is not registered: %s", operation_id, error)
            self._post_event(QrNotRegistered(operation_id, str(error)))
            return
        self._post_event(read_registered(body, self._dialect, operation_id, amount_minor))

    async def _ask(self, route: Route, operation_id: str) -> None:
        try:
            body = await self._exchange(order_request(self._dialect, route, self._url, operation_id))
        except NoAnswerError as error:
            _log.warning("QR %s is unknown: %s", operation_id, error)
            self._post_event(QrAnswered(operation_id, QrState.UNKNOWN))
            return
        self._post_event(read_state(body, self._dialect, operation_id))

    async def _refund(self, operation_id: str, amount_minor: int) -> None:
        try:
            answer = await self._ask_bank(refund_request(self._dialect, self._url, operation_id, amount_minor))
            if answer.status == REFUSED_STATUS:
                self._post_event(QrRefundAnswered(operation_id, done=False, reason="возврат запрещён"))
                return
            if answer.status != 200:
                raise NoAnswerError(f"HTTP {answer.status}")
        except NoAnswerError as error:
            _log.warning("refund of QR %s is unknown: %s", operation_id, error)
            self._post_event(QrRefundAnswered(operation_id, done=None))
            return
        self._post_event(read_refunded(answer.body, self._dialect, operation_id))

    async def _exchange(self, request: Request) -> bytes:
        answer = await self._ask_bank(request)
        if answer.status != 200:
            raise NoAnswerError(f"HTTP {answer.status}")
        return answer.body

    async def _ask_bank(self, request: Request) -> Answer:
        sent = replace(request, headers=self._headers)
        return await exchange(self._session, sent, deadline_s=self._deadline_s, body_size_max=BODY_SIZE_MAX)
