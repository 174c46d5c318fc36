"""Платные услуги: what there is to buy and for how much, as articles of Справочник tell it (clause 8.1.4b). Pure.

An article of what is sold has a name that begins with `paid_`; its table holds the prices. Who wants it asks a person.
"""

from __future__ import annotations

from signaling_server.contract.knowledge import KnowledgeAsked, KnowledgeTold
from terminal_app.core.tasks.articles import Articles
from terminal_app.core.tasks.asked import FirstAsked, Stopped, stopped
from terminal_app.core.tasks.knowledge import PAID
from terminal_app.core.tasks.task import AskOffice, Context, Event, Step, Told
from terminal_app.core.tasks.validity import in_force
from terminal_app.ipc.pages import Phrase


def begin(context: Context) -> Step:
    return FirstAsked("commercial", _answered), [AskOffice(KnowledgeAsked("-", context.segment))]


def _answered(event: Event, context: Context) -> Step:
    if not (isinstance(event, Told) and isinstance(event.answer, KnowledgeTold)):
        return stopped("commercial.stopped", event)
    paid = tuple(line for line in in_force(event.answer.articles, context.today) if line.article_id.startswith(PAID))
    if not paid:
        return Stopped("commercial.none", Phrase("commercial.none.sentence")), []
    return Articles("commercial", Phrase("commercial.title"), paid), []
