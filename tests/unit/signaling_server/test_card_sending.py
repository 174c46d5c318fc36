"""A written card to the customer's phone or mailbox: his touch, the office's own text, and what became of it."""

from __future__ import annotations

import pytest
from desk_scene import COMPANY, Scene, on_air
from sqlalchemy import select

from signaling_server.contract.card_sending import (
    SENDINGS_MAX,
    OfferSending,
    SendCard,
    SendingKnown,
    SendingOffered,
    SendingState,
    SendingTold,
    SendingWay,
    WithdrawSending,
)
from signaling_server.contract.messages import EndCall
from signaling_server.contract.notes import CallNote, Card, CardKind, NoteAuthor
from signaling_server.messaging.far_end import FarEnd
from signaling_server.messaging.rules import GIVE_UP_S, Channel
from signaling_server.messaging.senders import SmsGateway, SmtpSender
from signaling_server.storage.codes import set_informing
from signaling_server.storage.service_tables import CALL_CARDS

TEXT = "Офис: Невский, 1. Пн–пт с 9:00 до 18:00"
PHONE, MASKED = "+79211234567", "+7 921 ***-**-67"
ACCOUNT = "100000017"
NIGHT_S = 14 * 3_600.0  # from nine in the morning


@pytest.fixture
async def scene(tmp_path):
    far_end = FarEnd()
    await far_end.start()
    sms = SmsGateway(f"http://127.0.0.1:{far_end.http_port}/sms", token="", sender="Энергосбыт")
    smtp = f"smtp://127.0.0.1:{far_end.smtp_port}"
    email = SmtpSender(smtp, sender_email="office@example.org", sender_name=COMPANY)
    scene = await Scene(tmp_path, senders={Channel.SMS: sms, Channel.EMAIL: email}).open()
    scene.far_end = far_end
    yield scene
    await scene.close()
    await far_end.stop()


class Talk:
    """A written card stands before the customer of a call."""

    def __init__(self, scene, terminal, booth, agent, page, call_id):
        self.scene, self.terminal, self.booth = scene, terminal, booth
        self.agent, self.page, self.call_id = agent, page, call_id

    async def shows(self, text=TEXT, note_id="k1", kind=CardKind.WRITTEN, title="Адрес офиса"):
        note = CallNote(self.call_id, note_id, NoteAuthor.AGENT, text, card=Card(kind, title))
        await self.scene.desk.page_said(self.agent.agent_id, self.page, note)
        await self.scene.desk.terminal_said(self.terminal, note)

    async def offers(self, way=SendingWay.SMS, sending_id="s1", note_id="k1"):
        await self.scene.desk.page_said(
            self.agent.agent_id, self.page, OfferSending(self.call_id, sending_id, note_id, way)
        )

    async def told(self, state, sending_id="s1", way=SendingWay.SMS, account=""):
        told = SendingTold(self.call_id, sending_id, way, state, account=account)
        await self.scene.desk.terminal_said(self.terminal, told)

    async def sends(self, address=PHONE, sending_id="s1"):
        await self.scene.desk.terminal_said(self.terminal, SendCard(self.call_id, sending_id, address))

    async def delivered(self):
        while await self.scene.post.deliver_due():
            pass
        return self.scene.far_end.arrived

    async def closes(self):
        await self.scene.desk.page_said(self.agent.agent_id, self.page, EndCall("e1", self.call_id))
        await self.scene.wrap_up(self.agent, self.page, self.call_id)

    def states(self, ear):
        return [told.state for told in ear.all(SendingTold)]


@pytest.fixture
async def talk(scene):
    talk = Talk(scene, *await on_air(scene))
    await talk.shows()
    return talk


async def test_what_arrives_is_the_text_that_stood_before_the_customer_and_only_after_his_touch(talk):
    await talk.offers()
    offered = talk.booth.last(SendingOffered)
    assert (offered.text, offered.morning) == (f"Адрес офиса. {TEXT}\n{COMPANY}", False)
    await talk.told(SendingState.ASKED)
    await talk.told(SendingState.CHECKING)
    assert await talk.delivered() == []
    await talk.sends()
    arrived = await talk.delivered()
    assert [(one.channel, one.address, one.body) for one in arrived] == [("sms", PHONE, offered.text)]
    passed = [SendingState.ASKED, SendingState.CHECKING, SendingState.QUEUED, SendingState.TAKEN]
    assert talk.states(talk.page) == passed
    assert talk.states(talk.booth) == [SendingState.QUEUED, SendingState.TAKEN]
    assert all(told.to == MASKED for told in talk.page.all(SendingTold)[2:])
    assert PHONE not in repr(talk.page.heard)  # the agent learns it masked


async def test_an_e_mail_carries_the_whole_text_with_a_subject(talk):
    await talk.shows("Паспорт\nАкт", "k2", CardKind.SUMMARY, "")
    await talk.offers(SendingWay.EMAIL, note_id="k2")
    await talk.sends("ivanova@mail.ru")
    letter = (await talk.delivered())[0]
    assert (letter.address, letter.subject) == ("ivanova@mail.ru", "Итог разговора с консультантом")
    assert letter.body.splitlines() == talk.booth.last(SendingOffered).text.splitlines()
    assert "Паспорт\nАкт" in letter.body.replace("\r\n", "\n")


async def test_told_twice_it_goes_once_and_the_touch_is_kept_with_the_call(talk):
    await talk.offers()
    await talk.sends()
    await talk.sends()
    assert len(await talk.delivered()) == 1
    async with talk.scene.database.begin() as tx:
        rows = (await tx.execute(select(CALL_CARDS).where(CALL_CARDS.c.answer != ""))).all()
    assert [(row.note_id, row.answer_to, row.answer, row.text) for row in rows] == [("s1", "k1", "sms", MASKED)]


async def test_after_a_restart_of_the_office_the_order_is_known_and_an_offer_is_not(talk):
    await talk.offers()
    await talk.sends()
    await talk.offers(sending_id="s2")
    await talk.scene.restart()
    await talk.scene.desk.page_opened(talk.agent, talk.page)
    await talk.scene.hello(talk.terminal, talk.booth, talk.call_id)
    await talk.sends()
    await talk.sends(sending_id="s2")
    assert [(told.sending_id, told.state) for told in talk.booth.all(SendingTold)[-2:]] == [
        ("s1", SendingState.QUEUED),
        ("s2", SendingState.FAILED),
    ]
    assert len(await talk.delivered()) == 1
    assert talk.page.last(SendingTold).state is SendingState.TAKEN


async def test_at_night_an_sms_is_promised_for_the_morning_and_leaves_then(talk):
    talk.scene.clock.at_s += NIGHT_S
    await talk.offers()
    assert talk.booth.last(SendingOffered).morning
    await talk.sends()
    assert talk.states(talk.page) == [SendingState.MORNING]
    assert await talk.delivered() == []
    talk.scene.clock.at_s += 10 * 3_600.0
    assert len(await talk.delivered()) == 1
    assert talk.page.last(SendingTold).state is SendingState.TAKEN


async def test_a_gateway_that_does_not_take_it_is_told_and_what_is_given_up_too(talk):
    await talk.offers()
    await talk.sends()
    talk.scene.far_end.refuse_next = 1
    await talk.delivered()
    assert talk.page.last(SendingTold).state is SendingState.RETRYING
    talk.scene.far_end.refuse_next, talk.scene.far_end.refuse_forever = 1, True
    talk.scene.clock.at_s += 60
    await talk.delivered()
    assert talk.page.last(SendingTold).state is SendingState.FAILED
    assert talk.states(talk.booth)[-1] is SendingState.FAILED


@pytest.mark.parametrize(
    ("way", "address"), [(SendingWay.SMS, "921"), (SendingWay.EMAIL, "ivanova"), (SendingWay.SMS, "")]
)
async def test_an_address_that_cannot_be_is_asked_for_again(talk, way, address):
    await talk.offers(way)
    await talk.sends(address)
    assert talk.states(talk.booth) == [SendingState.BAD_ADDRESS]
    assert await talk.delivered() == []
    await talk.sends(PHONE if way is SendingWay.SMS else "ivanova@mail.ru")
    assert len(await talk.delivered()) == 1


async def test_a_proved_phone_of_the_customers_account_is_offered_masked_and_one_of_several_is_not(talk):
    async def informed(phone):
        async with talk.scene.database.begin() as tx:
            await set_informing(
                tx, account=ACCOUNT, phone=phone, active=True, consent_version="v", terminal_id="t1", at_ms=1
            )

    await informed(PHONE)
    await talk.offers()
    await talk.told(SendingState.ASKED, account=ACCOUNT)
    assert [known.to for known in talk.booth.all(SendingKnown)] == [MASKED]
    assert talk.page.last(SendingTold).account == ""  # the agent has not asked for it
    await talk.sends("")
    assert [one.address for one in await talk.delivered()] == [PHONE]
    await informed("+79210000000")
    await talk.offers(sending_id="s2")
    await talk.told(SendingState.ASKED, "s2", account=ACCOUNT)
    assert len(talk.booth.all(SendingKnown)) == 1


async def test_what_cannot_be_sent_is_refused_before_the_customer_is_asked(talk):
    await talk.shows("Документы: " + "паспорт, " * 40, "k2")
    await talk.shows("Верно?", "k3", CardKind.CONFIRM, "")
    for number, note_id in enumerate(("k2", "k3", "unknown")):
        await talk.offers(note_id=note_id, sending_id=f"s{number}")
    refused = [SendingState.TOO_LONG, SendingState.NOT_SHOWN, SendingState.NOT_SHOWN]
    assert talk.states(talk.page) == refused
    assert talk.booth.all(SendingOffered) == []
    for number in range(SENDINGS_MAX + 1):
        await talk.offers(sending_id=f"n{number}")
    assert len(talk.booth.all(SendingOffered)) == SENDINGS_MAX
    assert talk.page.last(SendingTold).state is SendingState.TOO_MANY


async def test_an_office_without_a_gateway_says_so(tmp_path):
    scene = await Scene(tmp_path).open()
    talk = Talk(scene, *await on_air(scene))
    await talk.shows()
    await talk.offers()
    assert talk.states(talk.page) == [SendingState.NO_WAY]
    await scene.close()


async def test_a_withdrawn_offer_and_strangers_send_nothing(talk):
    scene = talk.scene
    await talk.offers()
    await scene.desk.page_said(talk.agent.agent_id, talk.page, WithdrawSending(talk.call_id, "s1"))
    assert talk.booth.last(WithdrawSending).sending_id == "s1"
    await talk.sends()
    other, other_page = await scene.agent("petrov")
    await scene.desk.page_said(other.agent_id, other_page, OfferSending(talk.call_id, "s2", "k1", SendingWay.SMS))
    await talk.offers(sending_id="s3")
    await scene.desk.page_said(talk.agent.agent_id, talk.page, EndCall("e1", talk.call_id))
    await talk.sends(sending_id="s3")
    assert await talk.delivered() == []


async def test_a_message_given_up_days_later_finds_nobody_in_a_call(talk):
    await talk.offers()
    await talk.sends()
    talk.scene.far_end.refuse_next = 100
    await talk.delivered()
    await talk.closes()
    told = len(talk.page.all(SendingTold))
    talk.scene.clock.at_s += GIVE_UP_S + 86_400.0
    await talk.delivered()
    assert len(talk.page.all(SendingTold)) == told
