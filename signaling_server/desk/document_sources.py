"""Where a document for the customer comes from beside a file: the Справочник, and papers of his open cases."""

from __future__ import annotations

import asyncio

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.cases.register import note
from signaling_server.cases.states import OPEN
from signaling_server.clock import Clock
from signaling_server.contract.cases import Segment
from signaling_server.contract.documents import (
    ArticlesFound,
    CallPaper,
    CallPapers,
    DocumentTaken,
    ShowArticle,
    ShowPaper,
)
from signaling_server.desk.call import Agent
from signaling_server.desk.documents import CallDocuments
from signaling_server.documents.article import article_pdf
from signaling_server.knowledge.knowledge import Knowledge
from signaling_server.local_time import local_date
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import cases as rows
from signaling_server.storage.cases import Case


class DocumentSources:
    """Everything ends in `CallDocuments.show`: whatever it was, pictures of pages travel (docs/adr/0041)."""

    def __init__(self, database: AsyncEngine, clock: Clock, documents: CallDocuments, knowledge: Knowledge) -> None:
        self._database = database
        self._clock = clock
        self._documents = documents
        self._knowledge = knowledge

    def articles(self, query: str, segment: Segment) -> ArticlesFound:
        """What fits the words, best first, and holds today; without words all of it."""
        today = local_date(self._clock.now_s()).isoformat()
        return ArticlesFound(self._knowledge.found(query, segment, today))

    async def show_article(self, agent: Agent, call_id: str, asked: ShowArticle) -> DocumentTaken:
        """Raises ServiceRefusedError: unknown_call, unknown_article, not_shown."""
        self._documents.own(agent.agent_id, call_id)
        article = self._knowledge.article(asked.article_id)
        content = await asyncio.to_thread(article_pdf, article, self._knowledge.pictures)
        return await self._documents.show(agent, call_id, article.title, content)

    async def papers(self, agent: Agent, call_id: str, number: str) -> CallPapers:
        """Of the call's own cases; with the number of an open case, of it and of every open one of its account too.

        Raises:
            ServiceRefusedError: unknown_call, unknown_case.
        """
        self._documents.own(agent.agent_id, call_id)
        async with self._database.begin() as tx:
            cases = await rows.cases_of_call(tx, call_id)
            if number:
                cases += await _named(tx, number)
            numbers = dict.fromkeys(case.number for case in cases)
            found = [
                CallPaper(each, paper.attachment_id, paper.arrived_at_ms)
                for each in numbers
                for paper in await rows.attachments_of(tx, each)
                if paper.arrived_at_ms
            ]
        return CallPapers(found)

    async def show_paper(self, agent: Agent, call_id: str, asked: ShowPaper) -> DocumentTaken:
        """The case remembers who showed it where. Raises ServiceRefusedError: unknown_call, unknown_case, not_shown."""
        self._documents.own(agent.agent_id, call_id)
        async with self._database.begin() as tx:
            case = await rows.case_by_number(tx, asked.number)
            found = await rows.attachment_content(tx, asked.number, asked.attachment_id)
        if case is None or found is None or not (case.state in OPEN or case.call_id == call_id):
            raise ServiceRefusedError("unknown_case", "Такого документа нет")
        taken = await self._documents.show(agent, call_id, f"Документ к обращению № {asked.number}", found[1])
        async with self._database.begin() as tx:
            now_s, detail = self._clock.now_s(), "Документ обращения показан клиенту в разговоре"
            await note(tx, case, actor=agent.login, now_s=now_s, detail=detail)
        return taken


async def _named(tx: AsyncConnection, number: str) -> list[Case]:
    """Raises ServiceRefusedError: unknown_case."""
    case = await rows.case_by_number(tx, number)
    if case is None or case.state not in OPEN:
        raise ServiceRefusedError("unknown_case", "Открытого обращения с таким номером нет")
    return [case, *(await rows.cases_of_account(tx, case.account, OPEN) if case.account else [])]
