"""The ЛКК in the talks: how many were asked, use it, were helped, refused, and the share that was won (6.3.7)."""

from __future__ import annotations

import pytest
from desk_scene import Scene, on_air

from signaling_server.contract.closing import PortalAnswer, TellPortal
from signaling_server.contract.messages import EndCall
from signaling_server.quality.portal import portal_figures
from signaling_server.storage.calls import portal_answers

NOT_ASKED, USES, REGISTERS, REGISTERED, REFUSED = PortalAnswer


@pytest.mark.clause("6.3.7a", owner="signaling_server/quality")
def test_of_those_who_did_not_use_it_the_registered_are_the_conversion():
    talks = [NOT_ASKED] * 5 + [USES] * 7 + [REGISTERS] * 2 + [REGISTERED] * 3 + [REFUSED] * 4
    figures = portal_figures(talks)
    assert (figures.talks, figures.asked, figures.uses) == (21, 16, 7)
    assert (figures.helped, figures.registered, figures.refused) == (5, 3, 4)
    assert figures.converted_percent == 33  # 3 of 9


@pytest.mark.parametrize(("answers", "percent"), [([], None), ([NOT_ASKED, USES], None), ([REFUSED], 0)])
def test_a_share_of_nobody_is_no_share(answers, percent):
    assert portal_figures(answers).converted_percent == percent


@pytest.mark.parametrize(
    ("registered", "others", "percent"), [(1, 1, 50), (1, 2, 33), (2, 1, 67), (1, 7, 13), (4, 0, 100)]
)
def test_a_share_is_rounded_to_the_nearest(registered, others, percent):
    assert portal_figures([REGISTERED] * registered + [REFUSED] * others).converted_percent == percent


@pytest.mark.clause("6.3.7a", owner="signaling_server/quality")
async def test_it_counts_what_is_kept_with_each_talk(tmp_path):
    scene = await Scene(tmp_path).open()
    terminal, booth, agent, page, call_id = await on_air(scene)
    await scene.desk.page_said(agent.agent_id, page, TellPortal("p1", call_id, REGISTERED))
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    await scene.wrap_up(agent, page, call_id)
    second = await scene.request(terminal, booth)
    assert await scene.accept(agent, page) == second
    await scene.desk.page_said(agent.agent_id, page, TellPortal("p2", second, REFUSED))
    await scene.restart()
    async with scene.database.begin() as tx:
        figures = portal_figures(await portal_answers(tx, 0))
        later = portal_figures(await portal_answers(tx, round(scene.clock.at_s * 1_000) + 1))
    assert (figures.talks, figures.registered, figures.refused, figures.converted_percent) == (2, 1, 1, 50)
    assert later.talks == 0
    await scene.close()
