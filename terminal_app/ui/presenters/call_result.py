"""After the talk: the number and the date of each case, by when and how its answer comes (clause 5.1.3)."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.cases import AnswerWay
from signaling_server.contract.messages import CaseRegistered
from terminal_app.ipc.call_messages import HOLD_SERVICES, PrintCases, Printing
from terminal_app.ipc.messages import CallView, Dismiss, TerminalState, UiToCore
from terminal_app.ipc.pages import OpenService
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.presenter import Presenter

WAY_ON = "way_on"
WHOLE_MAX = 1  # so many cases are shown with every word; of more each is one short row
PRINT_WORDS = {
    Printing.NONE: "card.print",
    Printing.BUSY: "card.printing",
    Printing.DONE: "card.printed",
    Printing.FAILED: "result.print_again",
}


@dataclass(frozen=True, slots=True)
class ResultCase:
    number: str
    date: str
    topic: str
    answer: str  # by when and how; empty: nothing is owed, or it stands with the topic of a short row
    short: bool  # one of several


@dataclass(frozen=True, slots=True)
class CallResultView:
    cases: tuple[ResultCase, ...]  # empty: still being registered
    sentence: str
    thanks: str
    way_on: str  # the key of what he chose in the talk; empty: nothing
    way_on_words: str
    way_on_sentence: str
    print_words: str  # empty: nothing to print, or nothing to print it with
    may_print: bool


class CallResultPresenter(Presenter[CallResultView]):
    def view(self, state: TerminalState) -> CallResultView:
        call = state.call or CallView()
        short = len(call.cases) > WHOLE_MAX
        prints = bool(call.cases) and state.availability.printer
        return CallResultView(
            cases=tuple(_case(case, short=short) for case in call.cases),
            sentence="" if short else t("result.keep") if call.cases else t("result.registering"),
            print_words=t(PRINT_WORDS[call.printing]) if prints else "",
            may_print=prints and call.printing in (Printing.NONE, Printing.FAILED),
            thanks="" if call.neutral else t("result.thanks"),
            way_on=WAY_ON if call.way_on in HOLD_SERVICES else "",
            way_on_words=_way_on_words(call),
            way_on_sentence=t(f"hold.result.{call.way_on}") if call.way_on in HOLD_SERVICES else "",
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        call = state.call or CallView()
        way_on = call.way_on
        if key == WAY_ON and way_on in HOLD_SERVICES:
            return OpenService(HOLD_SERVICES[way_on])
        if key == "print":
            return PrintCases() if self.view(state).may_print else None
        if key != "done":
            return None
        # opens nothing where no campaign runs
        return Dismiss() if state.service or call.neutral else OpenService("survey_call")


def _way_on_words(call: CallView) -> str:
    return t(f"card.{call.way_on}") if call.way_on in HOLD_SERVICES else ""


def _case(case: CaseRegistered, *, short: bool) -> ResultCase:
    way = case.answer_way
    answer = t("result.due", date=case.due_date) if case.due_date else ""
    if way is not AnswerWay.NONE:
        answer = t("result.answer", due=answer, way=t(f"result.way.{way.value}"))
    topic = t("result.topic", topic=case.topic_title) if case.topic_title else ""
    if short:
        topic, answer = ". ".join(words for words in (case.topic_title, answer) if words), ""
    return ResultCase(
        number=t("result.short", number=case.case_number, date=case.received_date) if short else case.case_number,
        date=t("result.date", date=case.received_date),
        topic=topic,
        answer=answer,
        short=short,
    )
