"""Meters that billing told of in this visit, and readings that were given for them. Wiped with the visit."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from payment.billing.account_values import Meters, Readings
from payment.billing.accounts import AccountsUnavailableError
from payment.billing.outbox import OutboxError

_log = logging.getLogger(__name__)


class VisitMeters:
    """A line that breaks in the middle of a visit takes nothing away that was told before."""

    def __init__(
        self, ask: Callable[[str], Awaitable[Meters | None]], keep: Callable[[Readings], Awaitable[None]]
    ) -> None:
        self._ask_billing = ask
        self._keep_on_disk = keep
        self.forget()

    @property
    def given(self) -> tuple[Readings, ...]:
        """In this visit, the last ones last."""
        return tuple(self._given)

    async def ask(self, account: str) -> Meters | None:
        """Raises: AccountsUnavailableError, when it was not told before either."""
        told = self._told  # of the visit that asks: it may be over when the answer comes
        try:
            told[account] = await self._ask_billing(account)
        except AccountsUnavailableError:
            if account not in told:
                raise
        return told[account]

    async def keep(self, readings: Readings) -> bool:
        """Whether they are on disk, from where they go to billing until it has them."""
        given = self._given
        try:
            await self._keep_on_disk(readings)
        except OutboxError as error:
            _log.error("readings are not kept: %s", error)
            return False
        given.append(readings)
        return True

    def forget(self) -> None:
        """The visit is over."""
        self._told: dict[str, Meters | None] = {}
        self._given: list[Readings] = []
