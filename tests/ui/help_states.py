"""Forms that the consultant helps with, beside the talk: his offer, the form, what he proposes."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from page_states import PAGES, screen_of

from terminal_app.core import call_help
from terminal_app.ipc.call_messages import HelpView
from terminal_app.ipc.messages import CallView, Liveness, Screen, TerminalState

TEXT = "Счётчик во дворе дома гудит третий день, прошу прислать мастера и проверить его на месте"


def help_states(at: Callable[..., TerminalState], call: CallView) -> dict[str, TerminalState]:
    talk = replace(call, liveness=Liveness.LIVE, agent_has_video=True)

    def account(proposed: str = "") -> TerminalState:
        helped = replace(talk, help=_help(Screen.ACCOUNT_ENTRY.value, proposed))
        return at(Screen.ACCOUNT_ENTRY, account_typed="0401", call=helped)

    def page(name: str, proposed: str = "") -> TerminalState:
        helped = replace(talk, help=_help(PAGES[name].name, proposed))
        return at(screen_of(PAGES[name]), page=PAGES[name], call=helped)

    return {
        "help_offer": at(Screen.PAGE_TEXT, page=call_help.OFFER, call=talk),
        "help_list": page("page_written"),
        "help_account": account(),
        "help_account_proposed": account("040123456789"),
        "help_text": page("page_written_text"),
        "help_text_proposed": page("page_written_text", TEXT),
    }


def _help(form: str, proposed: str) -> HelpView:
    return HelpView(on=True, form=form, proposal_id="p1", value=proposed) if proposed else HelpView(on=True)
