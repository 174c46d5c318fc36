"""A written card goes to a mailbox: real office, core and mail server; the customer's touches, the agent's socket."""

from __future__ import annotations

import pytest

from signaling_server.contract.card_sending import OfferSending, SendingState, SendingTold, SendingWay
from signaling_server.contract.messages import AgentPing
from signaling_server.contract.notes import CallNote, CardKind
from signaling_server.messaging.far_end import FarEnd
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose, Enter
from tests.integration.office_bench import Peer
from tests.integration.test_call_cards_whole import talking

TEXT = "Офис на Невском, 1. Понедельник–пятница с 9:00 до 18:00"


async def told(page: Peer, state: SendingState) -> SendingTold:
    await page.send(AgentPing(1))  # a page that is silent for 10 s has left the call
    while (now := await page.expect(SendingTold)).state is not state:
        pass
    return now


@pytest.mark.clause("9.3.5c", owner="terminal_app")
async def test_a_card_is_offered_read_addressed_confirmed_and_arrives_while_both_still_talk(tmp_path):
    far_end = FarEnd()
    await far_end.start()
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "office.toml").write_text(
        f'[messaging]\nsmtp_url = "smtp://127.0.0.1:{far_end.smtp_port}"\nsender_email = "office@example.org"\n'
    )
    try:
        async with talking(tmp_path) as (talk, _, _office_data):
            bench, page = talk.bench, talk.page
            card = await talk.sends(CardKind.WRITTEN, TEXT, title="Адрес офиса")
            await page.expect(CallNote)  # the terminal tells that it stands
            await page.send(OfferSending(talk.call_id, "s1", card, SendingWay.SMS))
            await told(page, SendingState.NO_WAY)  # this office has no gateway
            await page.send(OfferSending(talk.call_id, "s2", card, SendingWay.EMAIL))
            await told(page, SendingState.ASKED)
            state = await bench.sees_page("send_email")
            assert any(TEXT in part.text.text for part in state.page.parts)
            bench.press(Choose("send_email", "type"))
            await told(page, SendingState.TYPING)
            bench.press(Enter("send_email_to", "ivanova@mail"))
            await bench.sees(lambda now: now.page is not None and now.page.entry.error.key != "", "what is wrong")
            bench.press(Enter("send_email_to", "ivanova@mail.ru"))
            await told(page, SendingState.CHECKING)
            await bench.sees_page("send_email_check")
            assert far_end.arrived == []
            bench.press(Choose("send_email_check", "send"))
            assert (await told(page, SendingState.TAKEN)).to == "i***@mail.ru"
            letter = far_end.arrived[0]
            assert (letter.channel, letter.address, letter.subject) == ("email", "ivanova@mail.ru", "Адрес офиса")
            assert TEXT in letter.body
            await bench.sees(lambda now: now.page is not None and now.page.title.key == "send_done.taken.title", "done")
            bench.press(Choose("send_done", "close"))
            await bench.sees_screen(Screen.CALL_CARD)  # the card stands there again
    finally:
        await far_end.stop()
