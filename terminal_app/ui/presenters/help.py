"""Help of the consultant with a form: what he proposes stands marked in place of the keys until it is touched."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.call_messages import AnswerProposal, HelpView, Pays
from terminal_app.ipc.messages import CALL_PANES, CallView, Screen, TerminalState
from terminal_app.ui.locale import unbroken

TAKE, DECLINE = "take_proposal", "decline_proposal"
NO_HELP = HelpView()


@dataclass(frozen=True, slots=True)
class ProposalView:
    title: str  # of the field
    value: str


def helped(state: TerminalState) -> bool:
    """A form, a payment or a document of the consultant stands beside the talk."""
    if reads(state):
        return True
    return (_help(state).on or pays(state) is not Pays.NO) and state.screen not in CALL_PANES


def reads(state: TerminalState) -> bool:
    """A document of the consultant."""
    return state.screen is Screen.CALL_DOCUMENT


def pays(state: TerminalState) -> Pays:
    return (state.call or CallView()).pays


def proposal(state: TerminalState) -> HelpView | None:
    """What stands for the field on the glass; one for another page does not."""
    place = state.page.name if state.page is not None else state.screen.value
    now = _help(state)
    return now if now.proposal_id and now.form == place else None


def proposal_view(state: TerminalState, title: str) -> ProposalView | None:
    standing = proposal(state)
    return ProposalView(title, unbroken(standing.value)) if standing is not None else None


def answer(key: str, standing: HelpView) -> AnswerProposal | None:
    """Nothing else on the page means anything while a proposal stands there."""
    return AnswerProposal(standing.proposal_id, key == TAKE) if key in (TAKE, DECLINE) else None


def _help(state: TerminalState) -> HelpView:
    return (state.call or CallView()).help
