"""A text that the agent offers to send: it goes nowhere before the customer's touch, and told twice it is one order."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from payment.contract import CashInSnapshot, CashSettings
from signaling_server.contract.card_sending import (
    SendCard,
    SendingKnown,
    SendingOffered,
    SendingState,
    SendingTold,
    SendingWay,
    WithdrawSending,
)
from signaling_server.contract.messages import CallEnded, CallEndReason
from terminal_app.contacts import Contacts
from terminal_app.core.call import CallTick, LinkChanged, Press, ToOffice
from terminal_app.core.call_sending import ANSWER_S_MAX, NO_SENDING
from terminal_app.core.state import Surroundings, terminal_state
from terminal_app.core.visit_values import Visit
from terminal_app.ipc.messages import Availability, GoBack, Screen
from terminal_app.ipc.pages import Choose, Enter, EntryKind

sys.path.append(str(Path(__file__).parent))
from test_terminal_call import TO_LIVE, tell

AROUND = Surroundings(Availability(server=True), Contacts(), "", CashSettings(terminal_id="t"))
CALL_ID = tell(*TO_LIVE)[0].call_id
SMS = SendingOffered(CALL_ID, "s1", SendingWay.SMS, "Офис: Невский, 1")
EMAIL = SendingOffered(CALL_ID, "s1", SendingWay.EMAIL, "Здравствуйте!\n\nОфис: Невский, 1")
PHONE = "+79211234567"
TYPE = Press(Choose("send_sms", "type"))
PHONE_TYPED = Press(Enter("send_sms_to", PHONE))
SEND = Press(Choose("send_sms_check", "send"))
ORDER = SendCard(CALL_ID, "s1", PHONE)


def shown(call):
    return terminal_state(Visit(), call, CashInSnapshot(), AROUND)


def place(call):
    page = shown(call).page
    return page.name if page is not None else shown(call).screen.value


def told(effects):
    said = [effect.message for effect in effects if isinstance(effect, ToOffice)]
    return [each.state if isinstance(each, SendingTold) else each for each in said]


def office(state, sending_id="s1"):
    return SendingTold(CALL_ID, sending_id, SendingWay.SMS, state, "+7 921 ***-**-67")


def talking(*events, now_s=0.0):
    return tell(*TO_LIVE, *events, now_s=now_s)[0]


@pytest.mark.clause("9.3.5c", owner="terminal_app")
def test_the_customer_reads_types_looks_over_and_only_then_it_goes():
    call, effects = tell(SMS, call=talking())
    assert (place(call), shown(call).screen) == ("send_sms", Screen.PAGE_TEXT)
    assert shown(call).page.parts[0].text.text == "Офис: Невский, 1"
    assert told(effects) == [SendingState.ASKED]
    call, effects = tell(TYPE, call=call)
    assert (place(call), shown(call).page.entry.kind) == ("send_sms_to", EntryKind.PHONE)
    assert told(effects) == [SendingState.TYPING]
    call, effects = tell(PHONE_TYPED, call=call)
    assert place(call) == "send_sms_check"
    assert shown(call).page.pairs[0].value.text == "+7 921 123-45-67"
    assert told(effects) == [SendingState.CHECKING]
    call, effects = tell(SEND, call=call)
    assert told(effects) == [ORDER]
    assert shown(call).busy
    call, effects = tell(office(SendingState.QUEUED), call=call)
    assert (place(call), told(effects), shown(call).busy) == ("send_done", [], False)
    call, effects = tell(office(SendingState.TAKEN), call=call)
    assert shown(call).page.title.key == "send_done.taken.title"
    call, effects = tell(Press(Choose("send_done", "close")), call=call)
    assert (shown(call).screen, told(effects)) == (Screen.CALL_LIVE, [])


def test_a_known_phone_needs_no_typing_and_another_may_be_named():
    call = talking(SMS, SendingKnown(CALL_ID, "s1", "+7 921 ***-**-67"))
    assert [choice.key for choice in shown(call).page.choices] == ["known", "other", "no"]
    call, effects = tell(Press(Choose("send_sms", "known")), SEND, call=call)
    assert told(effects) == [SendCard(CALL_ID, "s1", "")]
    other = talking(SMS, SendingKnown(CALL_ID, "s1", "+7 921 ***-**-67"), Press(Choose("send_sms", "other")))
    assert place(other) == "send_sms_to"


@pytest.mark.parametrize("typed", ["921", "ivanova@mail.ru", ""])
def test_what_is_no_phone_stays_in_the_field_with_one_sentence(typed):
    call, effects = tell(Press(Enter("send_sms_to", typed)), call=talking(SMS, TYPE))
    entry = shown(call).page.entry
    assert (entry.draft, entry.error.key, told(effects)) == (typed, "send_sms_to.wrong", [])


def test_what_the_office_does_not_take_as_an_address_is_typed_again():
    call, effects = tell(office(SendingState.BAD_ADDRESS), call=talking(SMS, TYPE, PHONE_TYPED, SEND))
    assert (place(call), shown(call).page.entry.error.key) == ("send_sms_to", "send_sms_to.wrong")
    assert told(effects) == [SendingState.TYPING]


def test_a_letter_is_typed_with_the_keys_of_an_address():
    call = talking(EMAIL, Press(Choose("send_email", "type")))
    assert shown(call).page.entry.kind is EntryKind.EMAIL
    call, effects = tell(
        Press(Enter("send_email_to", "Ivanova@Mail.RU")), Press(Choose("send_email_check", "send")), call=call
    )
    assert told(effects) == [SendCard(CALL_ID, "s1", "Ivanova@mail.ru")]


def test_back_from_the_keys_leads_to_the_text_and_what_was_typed_stays():
    call, effects = tell(Press(GoBack()), call=talking(SMS, TYPE, Press(Enter("send_sms_to", "921"))))
    assert (place(call), told(effects)) == ("send_sms", [SendingState.ASKED])
    assert shown(tell(TYPE, call=call)[0]).page.entry.draft == "921"


@pytest.mark.parametrize("before", [[SMS], [SMS, TYPE, PHONE_TYPED]], ids=["reading", "looking over"])
def test_no_before_the_touch_sends_nothing(before):
    page = place(talking(*before))
    call, effects = tell(Press(Choose(page, "no")), call=talking(*before))
    assert (shown(call).screen, told(effects)) == (Screen.CALL_LIVE, [SendingState.DECLINED])
    call, effects = tell(WithdrawSending(CALL_ID, "s1"), call=talking(*before))
    assert (shown(call).screen, told(effects)) == (Screen.CALL_LIVE, [SendingState.WITHDRAWN])


def test_after_the_touch_it_cannot_be_withdrawn_and_a_lost_line_keeps_nobody():
    call = talking(SMS, TYPE, PHONE_TYPED, SEND)
    assert place(tell(WithdrawSending(CALL_ID, "s1"), call=call)[0]) == "send_sms_check"
    call, _ = tell(LinkChanged(up=False), CallTick(), call=call, now_s=ANSWER_S_MAX)
    assert shown(call).page.title.key == "send_done.retrying.title"
    call, _ = tell(Press(Choose("send_done", "close")), call=call)
    _, effects = tell(LinkChanged(up=True), call=call)
    assert ORDER in told(effects)  # the same order, which the office takes once


def test_touches_that_come_late_and_words_of_another_offer_change_nothing():
    call = talking(SMS)
    for event in (SEND, PHONE_TYPED, office(SendingState.TAKEN), office(SendingState.TAKEN, "s0")):
        assert tell(event, call=call)[0].sending == call.sending


def test_who_is_identified_is_told_to_the_office_and_nothing_is_left_after_the_talk():
    _, effects = tell(CallTick(account="100000017"), call=talking(SMS))
    said = [effect.message for effect in effects if isinstance(effect, ToOffice)]
    assert [each.account for each in said if isinstance(each, SendingTold)] == ["100000017"]
    call = talking(SMS, TYPE, PHONE_TYPED)
    assert tell(CallEnded(CALL_ID, CallEndReason.AGENT_ENDED), call=call)[0].sending == NO_SENDING
    assert PHONE not in repr(tell(CallEnded(CALL_ID, CallEndReason.AGENT_ENDED), call=call)[0])
