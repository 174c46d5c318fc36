"""Over the real WebSocket and HTTP: what was opened at terminals ranks their help and stands on the operations page."""

import time

import msgspec
import pytest
from office_bench import Crowd, add_agent, enrol_terminal, serve_process

from signaling_server.contract.cases import Segment
from signaling_server.contract.knowledge import KnowledgeAsked, KnowledgeTold
from signaling_server.contract.quality import SelfServiceAnswer
from signaling_server.contract.self_service import ServicesAsked, ServicesTold
from signaling_server.contract.visits import VisitStep, VisitSteps, VisitStepsStored

DAY_MS = 86_400_000


@pytest.fixture
async def crowd():
    async with Crowd() as crowd:
        yield crowd


@pytest.mark.clause("8.1.1a", owner="signaling_server/quality")
@pytest.mark.clause("3-Простые", owner="signaling_server/cases")
async def test_what_terminals_opened_ranks_their_help_and_stands_on_the_operations_page(tmp_path, crowd):
    data_dir = tmp_path / "office"
    process, said = await serve_process(data_dir)
    try:
        await add_agent(data_dir, "anna")
        identity = await enrol_terminal(data_dir, said["terminal_url"], "t1")
        terminal = await crowd.terminal(said["terminal_url"], identity)
        await terminal.send(ServicesAsked("r1"))
        flags = {topic.topic_id: topic.simple for topic in (await terminal.expect(ServicesTold)).topics}
        assert (flags["readings.submit"], flags["charges.recalculate"]) == (True, False)
        opened = [("outage", "complaints.outage"), ("debt", "charges.debt"), ("outage", "complaints.outage")]
        before_ms = time.time_ns() // 1_000_000 - 2 * DAY_MS
        steps = [
            VisitStep(f"v{n}", 0, before_ms, "knowledge.article", "knowledge", topic=topic, article=article)
            for n, (article, topic) in enumerate(opened)
        ]
        await terminal.send(VisitSteps("r2", [*steps, VisitStep("v1", 1, before_ms, "call_live", "call")]))
        await terminal.expect(VisitStepsStored)
        await terminal.send(KnowledgeAsked("r3", Segment.B2C))
        assert (await terminal.expect(KnowledgeTold)).frequent == ["outage", "debt"]
        agent = await crowd.signed_in(said["desk_url"])
        async with agent.get(f"{said['desk_url']}/api/quality/self-service") as answer:
            told = msgspec.json.decode(await answer.read(), type=SelfServiceAnswer)
        assert (told.alone, told.with_consultant, told.left) == (2, 1, 0)
        assert [(topic.topic_id, topic.visits, topic.visits_alone) for topic in told.topics] == [
            ("complaints.outage", 2, 2),
            ("charges.debt", 1, 0),
        ]
        stranger = await crowd.http()
        async with stranger.get(f"{said['desk_url']}/api/quality/self-service") as answer:
            assert answer.status == 401
    finally:
        process.kill()
        await process.wait()
