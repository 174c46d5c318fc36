"""«Спросить консультанта» from Справочник: what is it about? A simple topic has its answer first (clause 3). Pure.

Nothing here stands in the way: the button under every screen calls at once, and so does a topic that is not simple.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.cases import Topic
from signaling_server.contract.knowledge import ArticleLine
from terminal_app.core.tasks.articles import NOTHING_YET, Articles, Fetched, asked_for, fetched_on
from terminal_app.core.tasks.task import Call, Chosen, Context, Event, Silence, Step, Task, Told
from terminal_app.core.tasks.written_pages import groups_of
from terminal_app.ipc.pages import Choice, Page, PageKind, Phrase

ASK = Choice("ask", Phrase("page.consultant"))
_TOPIC = "topic_"


@dataclass(frozen=True, slots=True)
class Naming:
    """First the group, then the topic. `topic`: the one that was named; the call is about it."""

    lines: tuple[ArticleLine, ...]
    group: str = ""
    topic: Topic | None = None
    fetched: Fetched = NOTHING_YET

    def page(self, context: Context) -> Page:
        titles = [topic.title for topic in self._topics(context)] if self.group else groups_of(context.facts.topics)
        choices = [Choice(f"{_TOPIC}{n}", Phrase(text=title)) for n, title in enumerate(titles)]
        if not self.group:
            return Page("knowledge.ask", PageKind.LIST, choices=choices)
        topic_id = self.topic.topic_id if self.topic is not None else ""
        return Page("knowledge.topic", PageKind.LIST, Phrase(text=self.group), choices=choices, topic_id=topic_id)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key=key) if not self.group:
                return replace(self, group=groups_of(context.facts.topics)[int(key.removeprefix(_TOPIC))]), []
            case Chosen(key=key):
                return self._named(self._topics(context)[int(key.removeprefix(_TOPIC))])
            case Told() | Silence():
                on = replace(self, fetched=self.fetched.took(event))
                return fetched_on(on, on.fetched, first=True) if on.fetched.article is not None else (self, [Call()])
            case _:
                return self, []

    def _named(self, topic: Topic) -> Step:
        """Several answers are chosen from; none, whatever the flag says, leads to a person."""
        named = replace(self, topic=topic, fetched=NOTHING_YET)
        answers = tuple(line for line in self.lines if topic.simple and line.topic_id == topic.topic_id)
        if not answers:
            return named, [Call()]
        if len(answers) > 1:
            return Articles("knowledge.answers", Phrase(text=topic.title), answers, first=True), []
        return named, [asked_for(answers, "article_0")]

    def _topics(self, context: Context) -> list[Topic]:
        return [topic for topic in context.facts.topics if topic.group_title == self.group]


def asked(task: Task, lines: tuple[ArticleLine, ...], context: Context) -> Step:
    """From `task`. An office that has told no topics is called at once."""
    return (Naming(lines), []) if context.facts.topics else (task, [Call()])
