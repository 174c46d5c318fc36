"""The OSMP provider protocol, kiosk's side: pay by the port, check, cancel and status for who waits.

Whatever is not a well-formed answer with a known result is UNKNOWN: money may have moved, so the cashier repeats the
very same request later. The words of a provider are a row of `osmp_dialects.py`; the wire is read in `osmp_answers.py`.
Source: OSMP/QIWI, "Interface of data exchange with providers".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

import aiohttp

from payment.billing.exchange import NoAnswerError, exchange
from payment.billing.http_values import Request
from payment.billing.osmp_answers import (
    CheckAnswered,
    StatusAnswered,
    confirmed_cancel,
    credited_after_all,
    encoded,
    parameters,
    read_cancel,
    read_check,
    read_pay,
    read_status,
    unknown_pay,
)
from payment.billing.osmp_dialects import OSMP, CheckOutcome, Command, Dialect, PaymentStatus
from payment.contract import CancelAnswered, CancelOutcome, PayAnswered, PayOutcome, PayRequest

DEADLINE_S = 60  # the protocol's own: later the payer side breaks the connection
BODY_SIZE_MAX = 256 * 1024
FORM = "application/x-www-form-urlencoded"

_log = logging.getLogger(__name__)


class OsmpClient:
    """Asks a provider and waits for its answer; nothing here raises for what the far end does."""

    def __init__(
        self,
        url: str,
        session: aiohttp.ClientSession,
        *,
        dialect: Dialect = OSMP,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self.dialect = dialect
        self._url = url
        self._session = session
        self._deadline_s = deadline_s

    def knows(self, command: Command) -> bool:
        """Whether the provider has this command."""
        return command in self.dialect.calls

    async def check(self, request: PayRequest) -> CheckAnswered:
        """May the account be paid? Credits nothing, and a pay needs no check before it.

        Its `txn_id` is to be one of its own: an answer does not say which command it answers.
        """
        try:
            return read_check(await self._ask(Command.CHECK, request), request, self.dialect)
        except NoAnswerError as error:
            return CheckAnswered(CheckOutcome.UNKNOWN, comment=str(error))

    async def pay(self, request: PayRequest) -> PayAnswered:
        """Asks for one credit; a repeat of the same request finds the same credit."""
        try:
            return read_pay(await self._ask(Command.PAY, request), request, self.dialect)
        except NoAnswerError as error:
            return unknown_pay(request.txn_id, str(error))

    async def cancel(self, request: PayRequest, provider_txn: str) -> CancelAnswered:
        """Undoes a credited payment; UNKNOWN is to be asked again, with the same values.

        Code 0 of a cancel looks like the code 0 of its pay, so only the status says that the money came back.

        Raises:
            CommandMissingError: the dialect knows no cancel.
        """
        try:
            body = await self._ask(Command.CANCEL, request, provider_txn)
        except NoAnswerError as error:
            return CancelAnswered(request.txn_id, CancelOutcome.UNKNOWN, comment=str(error))
        answer = read_cancel(body, request.txn_id, self.dialect)
        if answer.outcome is not CancelOutcome.CANCELLED:
            return answer
        return confirmed_cancel(answer, await self.status(request))

    async def status(self, request: PayRequest) -> StatusAnswered:
        """What billing knows of the payment. NOT_FOUND is no leave to pay anew: a request may still be on its way.

        Raises:
            CommandMissingError: the dialect knows no status.
        """
        try:
            return read_status(await self._ask(Command.STATUS, request), request, self.dialect)
        except NoAnswerError as error:
            return StatusAnswered(request.txn_id, PaymentStatus.UNKNOWN, comment=str(error))

    async def _ask(self, command: Command, request: PayRequest, provider_txn: str = "") -> bytes:
        wire = self._wire(encoded(self.dialect, parameters(self.dialect, command, request, provider_txn)))
        answer = await exchange(self._session, wire, deadline_s=self._deadline_s, body_size_max=BODY_SIZE_MAX)
        if answer.status != 200:
            raise NoAnswerError(f"HTTP {answer.status}")
        return answer.body

    def _wire(self, named: str) -> Request:
        if self.dialect.method == "GET":
            return Request("GET", self._url, query=named)
        return Request("POST", self._url, body=named.encode("ascii"), content_type=FORM)


class OsmpBilling:
    """payment's BillingPort over OSMP. Every verb is answered by exactly one event while the port is open."""

    def __init__(
        self,
        url: str,
        *,
        session: aiohttp.ClientSession,
        post_event: Callable[[PayAnswered | CancelAnswered], None],
        dialect: Dialect = OSMP,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._client = OsmpClient(url, session, dialect=dialect, deadline_s=deadline_s)
        self._post_event = post_event
        self._tasks: set[asyncio.Task[None]] = set()

    def pay(self, request: PayRequest) -> None:
        """Sends it; answered by one `PayAnswered`, UNKNOWN at the latest after the deadline."""
        self._run(self._pay(request))

    def cancel(self, request: PayRequest, provider_txn: str) -> None:
        """Answered by one `CancelAnswered`; a provider who knows no cancel refuses it."""
        self._run(self._cancel(request, provider_txn))

    async def close(self) -> None:
        """Leaves what is on the way without an answer: the journal knows the intent and repeats it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pay(self, request: PayRequest) -> None:
        """A pay in doubt is asked for its status where the provider knows one: it may be credited already."""
        answer = await self._client.pay(request)
        if answer.outcome is PayOutcome.UNKNOWN:
            _log.warning("pay %s is unknown: %s", answer.txn_id, answer.comment)
            if self._client.knows(Command.STATUS):
                answer = credited_after_all(answer, await self._client.status(request))
        self._post_event(answer)

    async def _cancel(self, request: PayRequest, provider_txn: str) -> None:
        if not self._client.knows(Command.CANCEL):
            comment = "по договору биллинг платежей не отменяет"
            self._post_event(CancelAnswered(request.txn_id, CancelOutcome.REFUSED, comment=comment))
            return
        self._post_event(await self._client.cancel(request, provider_txn))
