"""«Платёж не дошёл, нет чека»: a person at once, or a written request with its kind and topic filled in. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.cases import CaseKind
from terminal_app.core.tasks import written
from terminal_app.core.tasks.asked import CONSULTANT, MENU, led_on
from terminal_app.core.tasks.task import Chosen, Context, Event, Step
from terminal_app.core.tasks.written_draft import Draft
from terminal_app.ipc.pages import Choice, Page, PageKind

TOPIC = "payment.not_credited"


@dataclass(frozen=True, slots=True)
class NotCredited:
    def page(self, context: Context) -> Page:
        write = [Choice("write")] if context.facts.sealed else []
        return Page("not_credited", PageKind.SUMMARY, choices=[CONSULTANT, *write, MENU])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="write"):
                return written.started(_draft(context), context)
            case _:
                return led_on(self, event)


def begin(context: Context) -> Step:
    return NotCredited(), []


def _draft(context: Context) -> Draft:
    """An office without this topic is asked for its topic as for any other request."""
    topic = next((topic for topic in context.facts.topics if topic.topic_id == TOPIC), None)
    account = context.account.account if context.account is not None else None
    return Draft(CaseKind.QUESTION, topic=topic, account=account)
