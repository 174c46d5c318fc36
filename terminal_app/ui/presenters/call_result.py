"""After the talk: the number and the date of the case."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.call_messages import HOLD_SERVICES
from terminal_app.ipc.messages import CallView, Dismiss, TerminalState, UiToCore
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.presenter import Presenter

WAY_ON = "way_on"


@dataclass(frozen=True, slots=True)
class CallResultView:
    number: str  # empty: still being registered
    date: str
    topic: str
    sentence: str
    thanks: str
    way_on: str  # the key of what he chose instead of waiting; empty: nothing
    way_on_words: str
    way_on_sentence: str


class CallResultPresenter(Presenter[CallResultView]):
    def view(self, state: TerminalState) -> CallResultView:
        call = state.call or CallView()
        return CallResultView(
            number=call.case_number,
            date=t("result.date", date=call.case_date) if call.case_date else "",
            topic=t("result.topic", topic=call.topic_title) if call.topic_title else "",
            sentence=t("result.keep") if call.case_number else t("result.registering"),
            thanks="" if call.neutral else t("result.thanks"),
            way_on=WAY_ON if call.way_on in HOLD_SERVICES else "",
            way_on_words=t(f"card.{call.way_on}") if call.way_on in HOLD_SERVICES else "",
            way_on_sentence=t(f"hold.result.{call.way_on}") if call.way_on in HOLD_SERVICES else "",
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        call = state.call or CallView()
        way_on = call.way_on
        if key == WAY_ON and way_on in HOLD_SERVICES:
            return OpenService(HOLD_SERVICES[way_on])
        if key != "done":
            return None
        return (
            Dismiss() if state.service or call.neutral else OpenService("survey_call")
        )  # opens nothing where no campaign runs
