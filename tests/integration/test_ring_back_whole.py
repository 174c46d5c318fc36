"""A terminal rung back by the real office: the real core asks its customer, and the same call goes on."""

from __future__ import annotations

import pytest

from signaling_server.contract.messages import CallEnded, CallStarted, EndCall
from signaling_server.contract.notes import CardKind
from signaling_server.contract.ring_back import RingBack, RingState, RingTold
from terminal_app.core.call_ring import ANSWER, PAGE
from terminal_app.ipc.call_messages import HoldStage
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose
from tests.integration.test_call_cards_whole import talking


@pytest.mark.clause("9.4.2b", owner="terminal_app")
async def test_a_talk_that_ended_goes_on_by_one_touch(tmp_path):
    async with talking(tmp_path) as (talk, _, _):
        pause = await talk.sends(CardKind.PAUSE, "Проверяю")
        assert (await talk.stands(pause)).call.hold is HoldStage.HELD
        await talk.page.send(EndCall("e", talk.call_id))
        await talk.page.expect(CallEnded)
        state = await talk.bench.sees_screen(Screen.CALL_RESULT)
        assert state.call.hold is HoldStage.NONE
        await talk.page.send(RingBack("r", talk.call_id))
        assert (await talk.page.expect(RingTold)).state is RingState.RINGING
        await talk.bench.sees(lambda state: state.page is not None and state.page.name == PAGE, "the ring")
        talk.bench.press(Choose(PAGE, ANSWER))
        again = await talk.page.expect(CallStarted)
        assert (again.call.call_id, again.call.media_epoch) == (talk.call_id, 2)
        await talk.bench.sees_screen(Screen.CALL_LIVE)
