"""Notes between employees: to who is here, once, until they are read."""

from __future__ import annotations

import pytest
import pytest_asyncio
from desk_scene import Ear, Scene, on_air

from signaling_server.contract.messages import DeskSnapshot
from signaling_server.contract.notes import CallNote
from signaling_server.contract.staff import StaffNote, StaffNoteRead, WriteToColleague
from signaling_server.desk.colleagues import UNREAD_MAX
from signaling_server.refusal import ServiceRefusedError


@pytest_asyncio.fixture
async def scene(tmp_path):
    scene = await Scene(tmp_path).open()
    yield scene
    await scene.close()


@pytest.mark.clause("9.2.3", owner="signaling_server/desk")
async def test_a_word_to_who_talks_reaches_his_page_alone_and_nothing_of_it_the_customer(scene):
    _, booth, anna, page, _ = await on_air(scene)
    boris, other = await scene.agent("boris")
    told_before = (len(booth.heard), len(other.heard))
    (colleague,) = scene.desk.staff.colleagues(boris).colleagues
    assert (colleague.agent_id, colleague.busy) == (anna.agent_id, True)
    await scene.desk.staff.write(boris, WriteToColleague(anna.agent_id, "Клиент ждёт в зале", urgent=True))
    note = page.last(StaffNote)
    assert (note.text, note.urgent, note.from_name) == ("Клиент ждёт в зале", True, "Boris Анна Викторовна")
    assert (len(booth.heard), len(other.heard)) == told_before
    assert page.all(CallNote) == []


async def test_it_is_told_again_to_a_page_that_was_loaded_anew_until_it_is_read(scene):
    anna, _ = await scene.agent("anna")
    boris, _ = await scene.agent("boris")
    await scene.desk.staff.write(boris, WriteToColleague(anna.agent_id, "Позвоните мне"))
    again = Ear()
    await scene.desk.page_opened(anna, again)
    assert again.names()[-2:] == ["DeskSnapshot", "StaffNote"]
    await scene.desk.page_said(anna.agent_id, again, StaffNoteRead(again.last(StaffNote).note_id))
    last = Ear()
    await scene.desk.page_opened(anna, last)
    assert isinstance(last.heard[-1], DeskSnapshot)


async def test_nobody_writes_to_who_is_not_here_or_does_not_read(scene):
    anna, page = await scene.agent("anna")
    boris, _ = await scene.agent("boris")
    form = WriteToColleague(anna.agent_id, "Позвоните мне")
    for _ in range(UNREAD_MAX):
        await scene.desk.staff.write(boris, form)
    with pytest.raises(ServiceRefusedError, match="не прочитаны"):
        await scene.desk.staff.write(boris, form)
    await scene.desk.page_closed(anna.agent_id, page, gone=False)
    assert scene.desk.staff.colleagues(boris).colleagues == []
    with pytest.raises(ServiceRefusedError, match="нет на рабочем месте"):
        await scene.desk.staff.write(boris, form)


async def test_a_word_to_nobody_leaves_nothing_behind(scene):
    boris, _ = await scene.agent("boris")
    for name in ("", "никто", "ещё никто"):
        with pytest.raises(ServiceRefusedError, match="нет на рабочем месте"):
            await scene.desk.staff.write(boris, WriteToColleague(name, "Позвоните мне"))
    assert scene.desk.staff._unread == {}
