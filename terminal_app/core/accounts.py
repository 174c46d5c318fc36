"""Questions of a visit to billing, answered as events. An answer that comes too late is the visit's to ignore."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable

from payment.billing.account_values import AccountDetails, AccountSummary
from payment.billing.accounts import AccountsClient, AccountsUnavailableError
from payment.codes.gost_qr import BillQrError, PayeeAllowList, is_ours, parse
from terminal_app.core import visit_events as events
from terminal_app.core.account_views import account_view, balance_view
from terminal_app.ipc.messages import Notice

PROBE_S = 15.0

_log = logging.getLogger(__name__)


class BillingWatch:
    """Whether billing can be reached, asked again and again."""

    def __init__(self, client: AccountsClient, *, there: bool) -> None:
        """`there`: the terminal has a billing to ask."""
        self.up = there
        self._there = there
        self._client = client

    async def watch(self, changed: Callable[[], None]) -> None:
        """Until cancelled."""
        while True:
            self.up = self._there and await self._client.reachable()
            changed()
            await asyncio.sleep(PROBE_S)


class Accounts:
    """Runs `FindAccount`, `AskDetails`, `AskByBill` against billing."""

    def __init__(self, client: AccountsClient, account_pattern: str, answer: Callable[[events.Event], None]) -> None:
        self._client = client
        self._pattern = re.compile(account_pattern, re.ASCII)
        self._answer = answer
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, question: events.FindAccount | events.AskDetails | events.AskByBill) -> None:
        match question:
            case events.FindAccount(account=account) if self._pattern.fullmatch(account) is None:
                self._answer(events.AccountMissing())  # a number of no account of ours: billing is not troubled
            case events.FindAccount(account=account):
                self._run(self._find(account))
            case events.AskDetails(account=account, attribute=attribute):
                self._run(self._details(self._client.verify(account, attribute)))
            case events.AskByBill(account=account):
                self._run(self._details(self._client.details_by_bill(account)))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _run(self, question: Awaitable[events.Event]) -> None:
        task = asyncio.create_task(self._ask_and_answer(question))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask_and_answer(self, question: Awaitable[events.Event]) -> None:
        try:
            answer = await question
        except AccountsUnavailableError as error:
            _log.warning("billing accounts: %s", error)
            answer = events.AccountsUnreachable()
        self._answer(answer)

    async def _find(self, account: str) -> events.Event:
        found: AccountSummary | None = await self._client.find(account)
        if found is None:
            return events.AccountMissing()
        return events.AccountFound(account_view(found))

    async def _details(self, question: Awaitable[AccountDetails | None]) -> events.Event:
        details = await question
        return events.AttributeRefused() if details is None else events.AttributeAccepted(balance_view(details))


def read_bill(payload: bytes, payees: PayeeAllowList) -> events.BillRead | events.BillRefused:
    """A code held to the camera, as the visit wants to hear it."""
    try:
        bill = parse(payload)
    except BillQrError:
        return events.BillRefused(Notice.QR_UNREADABLE if payload.startswith(b"ST0001") else Notice.QR_NOT_A_BILL)
    if not is_ours(bill, payees):
        return events.BillRefused(Notice.QR_FOREIGN_PAYEE)
    if not bill.account:
        return events.BillRefused(Notice.QR_UNREADABLE)
    return events.BillRead(bill.account, bill.sum_minor or 0)
