"""Help with a form between the two sides of a call: passed on, and kept without any value (clause 9.6.3c)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.clock import milliseconds
from signaling_server.contract.help import FieldProposed, HelpOffered, HelpState, HelpTold, HelpWithdrawn
from signaling_server.desk.call import Call
from signaling_server.desk.links import Links
from signaling_server.storage.call_help import keep_help

_LOG = logging.getLogger(__name__)


class FormHelp:
    """Which customers allow it now: a permission ends with the talk in which it was given, or with its agent."""

    def __init__(
        self, database: AsyncEngine, terminals: Links, pages: Links, talk: Callable[[str], Call | None]
    ) -> None:
        self._database = database
        self._terminals = terminals
        self._pages = pages
        self._talk = talk
        self._allowed: set[str] = set()

    def from_agent(self, agent_id: str, message: HelpOffered | HelpWithdrawn | FieldProposed) -> None:
        """To the call's terminal. Nothing is proposed before the customer has allowed it there."""
        call = self._talk(message.call_id)
        allowed = not isinstance(message, FieldProposed) or message.call_id in self._allowed
        if call is None or call.agent_id != agent_id or not allowed:
            _LOG.info("%s refused: not of the agent of a call on the air, or not allowed", type(message).__name__)
            return
        self._terminals.send(call.terminal_id, message)

    async def from_terminal(self, terminal_id: str, told: HelpTold, now_s: float) -> None:
        """How it stands with help, to the agent; kept first, without any value."""
        call = self._talk(told.call_id)
        if call is None or call.terminal_id != terminal_id:
            _LOG.info("HelpTold refused: not of the terminal of a call on the air")
            return
        async with self._database.begin() as tx:
            await keep_help(tx, told, at_ms=milliseconds(now_s))
        (self._allowed.add if told.state is HelpState.ON else self._allowed.discard)(told.call_id)
        self._pages.send(call.agent_id, told)

    def forget(self, call_id: str) -> None:
        """The talk is over, or another agent goes on with it: the customer is asked anew."""
        self._allowed.discard(call_id)
