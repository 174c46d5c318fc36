"""Out of turn by need or by law: who is served first, what the agent may say of the document, who goes back where."""

import itertools

import pytest
from desk_scene import Scene
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from signaling_server.contract.messages import (
    AgentState,
    AgentStateChanged,
    CallAccepted,
    CallOffered,
    CallQueued,
    CallStarted,
    CommandRefused,
    DeskSnapshot,
    EndCall,
)
from signaling_server.contract.turns import CategoryChecked, CheckCategory, Turn, Verdict
from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.router import Router
from signaling_server.desk.routing.decisions import OfferMade
from signaling_server.desk.turns import Band, TurnsError, band_of, declared, load_categories
from signaling_server.storage.tables import CALLS, CASES

HELP = Turn(special_help=True)
HERO = Turn(category_id="hero")


@pytest.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


async def waiting(scene: Scene, *turns: Turn) -> list[tuple]:
    """Customers who came one after another while the only agent talks; terminal, booth and call of each."""
    came = []
    for at, turn in enumerate(turns):
        terminal, booth = await scene.terminal(f"w{at}")
        came.append((terminal, booth, await scene.request(terminal, booth, turn=turn)))
        await scene.pass_s(2.0)
    return came


async def busy_agent(scene: Scene):
    terminal, booth = await scene.terminal("first")
    agent, page = await scene.agent("anna")
    await scene.request(terminal, booth)
    return agent, page, await scene.accept(agent, page)


async def free(scene: Scene, agent, page, call_id: str) -> None:
    await scene.desk.page_said(agent.agent_id, page, EndCall("end", call_id))
    await scene.wrap_up(agent, page, call_id)


@pytest.mark.clause("6.3.3e", owner="signaling_server/desk")
@pytest.mark.clause("9.6.1", owner="signaling_server/desk")
async def test_who_asked_for_special_help_is_next_without_any_proof(scene):
    agent, page, talk = await busy_agent(scene)
    (_, first_booth, _), (_, _, second), (_, third_booth, third) = await waiting(scene, Turn(), HELP, HELP)
    assert third_booth.last(CallQueued).position == 2, "those who need help wait in order of time among themselves"
    assert first_booth.last(CallQueued).position == 3
    await free(scene, agent, page, talk)
    assert page.last(CallOffered).call.call_id == second
    assert page.last(CallOffered).call.context.turn == HELP
    await scene.accept(agent, page)
    await scene.desk.page_said(agent.agent_id, page, CheckCategory("c", second, False))
    assert page.last(CommandRefused).reason == "no_category", "there is nothing to prove"
    await free(scene, agent, page, second)
    assert page.last(CallOffered).call.call_id == third


@pytest.mark.clause("6.3.3d", owner="signaling_server/desk")
async def test_a_rejected_category_goes_back_to_the_place_of_its_original_time(scene):
    agent, page, talk = await busy_agent(scene)
    (_, _, earlier), (_, booth, hero), (_, _, later) = await waiting(scene, Turn(), HERO, Turn())
    assert booth.last(CallQueued).position == 1
    await free(scene, agent, page, talk)
    assert await scene.accept(agent, page) == hero
    told = page.last(CallStarted).call.context.turn
    assert (told.title, told.verdict) == ("Герой, полный кавалер Славы", Verdict.UNCHECKED)

    await scene.desk.page_said(agent.agent_id, page, CheckCategory("c", hero, False))
    assert page.last(CategoryChecked) == CategoryChecked(hero, Verdict.REJECTED)
    assert page.last(CallOffered).call.call_id == earlier, "who came before him"
    back = booth.last(CallQueued)
    assert (back.call_id, back.position) == (hero, 2)
    assert [call async for call in order(scene, agent, page)] == [earlier, hero, later]


async def order(scene: Scene, agent, page):
    for _ in range(3):
        call_id = await scene.accept(agent, page)
        yield call_id
        await free(scene, agent, page, call_id)


async def test_who_came_back_goes_on_under_his_number_and_with_a_new_picture(scene):
    agent, page, talk = await busy_agent(scene)
    ((terminal, booth, hero),) = await waiting(scene, HERO)
    await free(scene, agent, page, talk)
    await scene.accept(agent, page)
    await scene.flow(terminal, agent, page, hero)
    await scene.desk.page_said(agent.agent_id, page, CheckCategory("c", hero, False))
    states = [told.state for told in page.all(AgentStateChanged)]
    assert states[-2:] == [AgentState.READY, AgentState.RINGING], "nobody else waits: he is his own next"
    await scene.accept(agent, page)
    assert booth.last(CallAccepted).media_epoch == 2
    await scene.desk.page_said(agent.agent_id, page, CheckCategory("c2", hero, True))
    assert page.last(CommandRefused).reason == "no_category", "once is enough"
    async with scene.database.begin() as tx:
        call = (await tx.execute(select(CALLS).where(CALLS.c.call_id == hero))).mappings().one()
        cases = (await tx.execute(select(CASES).where(CASES.c.call_id == hero))).mappings().all()
    assert [case["number"] for case in cases] == [call["case_number"]] == ["26-000002"]
    assert '"verdict":"rejected"' in call["context"]


async def test_a_confirmed_category_is_kept_as_a_yes_and_the_talk_goes_on(scene):
    agent, page, talk = await busy_agent(scene)
    ((_, _, hero),) = await waiting(scene, HERO)
    await free(scene, agent, page, talk)
    await scene.accept(agent, page)
    await scene.desk.page_said(agent.agent_id, page, CheckCategory("c", hero, True))
    assert page.last(CategoryChecked).verdict is Verdict.CONFIRMED
    assert page.last(AgentStateChanged).state is AgentState.ON_CALL
    await scene.desk.page_opened(agent, page)
    assert page.last(DeskSnapshot).active.context.turn.verdict is Verdict.CONFIRMED


async def test_who_needs_help_too_stays_whatever_his_document_says(scene):
    agent, page, talk = await busy_agent(scene)
    _, (_, _, both) = await waiting(scene, Turn(), Turn(special_help=True, category_id="hero"))
    await free(scene, agent, page, talk)
    assert await scene.accept(agent, page) == both
    await scene.desk.page_said(agent.agent_id, page, CheckCategory("c", both, False))
    assert page.last(AgentStateChanged).state is AgentState.ON_CALL


async def test_nobody_but_the_agent_of_the_call_may_judge(scene):
    agent, page, _ = await busy_agent(scene)
    ((_, booth, hero),) = await waiting(scene, HERO)
    await scene.desk.page_said(agent.agent_id, page, CheckCategory("c", hero, False))
    assert page.last(CommandRefused).reason == "unknown_call", "he has not seen the customer yet"
    assert booth.last(CallQueued).position == 1


async def test_the_band_outlives_a_restart(scene):
    await busy_agent(scene)
    (_, _, general), (_, _, hero) = await waiting(scene, Turn(), HERO)
    await scene.restart()
    assert scene.desk._router.waiting() == [hero, general]


def test_a_category_that_is_not_on_the_list_is_none_and_the_title_is_the_offices():
    categories = load_categories()
    assert declared(Turn(category_id="friend", title="Друг директора"), categories) == Turn()
    hero = declared(Turn(category_id="hero", title="Кто угодно", verdict=Verdict.CONFIRMED), categories)
    assert hero == Turn(category_id="hero", title="Герой, полный кавалер Славы")
    assert (band_of(Turn()), band_of(hero), band_of(HELP)) == (Band.GENERAL, Band.OUT_OF_TURN, Band.OUT_OF_TURN)


@pytest.mark.parametrize(
    "text",
    [
        "category = 1",
        '[[category]]\nid = "a"\ntitle = "А"',
        '[[category]]\nid = "a"\ntitle = "А"\nbasis = "З"\n[[category]]\nid = "a"\ntitle = "Б"\nbasis = "З"',
        f'[[category]]\nid = "a"\ntitle = "{"А" * 61}"\nbasis = "З"',
    ],
)
def test_a_list_that_cannot_be_shown_does_not_open_the_office(tmp_path, text):
    (tmp_path / "out_of_turn.toml").write_text(text)
    with pytest.raises(TurnsError, match=r"out_of_turn\.toml"):
        load_categories(tmp_path / "out_of_turn.toml")


@pytest.mark.clause("6.3.3e", owner="signaling_server/desk")
@given(bands=st.lists(st.sampled_from(list(Band)), min_size=1, max_size=12), agents=st.integers(1, 3))
def test_the_next_free_agent_always_gets_the_lowest_band_and_in_it_the_oldest(bands, agents):
    tokens = itertools.count(1)
    router = Router(DeskLimits(), lambda: f"t{next(tokens)}")
    for at, band in enumerate(bands):
        router.add_call(str(at), float(at), float(at), band=band)
    ranked = [call_id for _, call_id in sorted((band, str(at).zfill(2)) for at, band in enumerate(bands))]
    offered = []
    for agent in range(agents):
        router.page_opened(str(agent), 20.0)
        router.set_ready(str(agent), True, 20.0)
        offered += [o.call_id.zfill(2) for o in router.take_decisions() if isinstance(o, OfferMade)]
    assert offered == ranked[: min(agents, len(bands))]
