"""A payment in cash during a call, end to end: real office, real core, notes on a wire, a slip on paper (clause 6.1.1).

The agent proposes purpose, account and sum; everything that moves money is the customer's own touch.
"""

from __future__ import annotations

import pytest

from device_drivers.simulators.escpos_rows import TextRow
from payment.sandbox.seed import DEMO_ACCOUNT
from signaling_server.contract.messages import AgentPing, CallEnded, EndCall
from signaling_server.contract.notes import CardAnswer, CardKind, NoteAuthor
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import AnswerCard, Pays, StopHelp
from terminal_app.ipc.messages import Screen
from tests.integration.core_bench import ATTRIBUTE
from tests.integration.test_call_cards_whole import Talk, kept, talking

SUM_MINOR = 1_500_00


async def proposed(talk: Talk) -> str:
    """The agent proposes, the customer reads it and touches «Оплатить сейчас»; he has typed nothing."""
    await talk.bench.sees(lambda state: state.availability.cash, "notes are taken here")
    card = await talk.sends(CardKind.PAYMENT, "за электроэнергию", amount_minor=SUM_MINOR, account=DEMO_ACCOUNT)
    state = await talk.stands(card)
    assert state.call is not None
    shown = next(note for note in state.call.notes if note.note_id == card)
    assert shown.card is not None
    assert (shown.text, shown.card.amount_minor, shown.card.account) == ("за электроэнергию", SUM_MINOR, DEMO_ACCOUNT)
    talk.bench.press(AnswerCard(card, CardAnswer.PAY))
    assert (await talk.answer_to(card)).answer is CardAnswer.PAY
    return card


async def at_the_slot(talk: Talk) -> None:
    """From the account that the agent named to the open slot, each step by the customer."""
    bench = talk.bench
    for screen, press in (
        (Screen.ACCOUNT_CONFIRM, ipc.ConfirmAccount()),
        (Screen.SECOND_ATTRIBUTE, ipc.SubmitSecondAttribute(ATTRIBUTE)),
    ):
        state = await bench.sees_screen(screen)
        assert state.call is not None
        assert state.call.pays is Pays.FREE
        bench.press(press)
        await talk.page.send(AgentPing(1))  # the page is here: on a busy machine this takes longer than its silence may
    state = await bench.sees_screen(Screen.AMOUNT)
    assert state.order is not None
    assert state.order.proposed_minor == SUM_MINOR
    bench.press(ipc.ChooseAmount(SUM_MINOR))
    await bench.sees_screen(Screen.CASH_IN)
    await talk.page.send(AgentPing(2))


@pytest.mark.clause("6.1.1", owner="terminal_app")
async def test_he_pays_in_cash_while_he_talks_takes_his_slip_and_the_talk_goes_on(tmp_path):
    async with talking(tmp_path, cash=True) as (talk, _, office_data):
        bench = talk.bench
        card = await proposed(talk)
        await at_the_slot(talk)
        talk.printer.take_slips()
        await bench.inserts(1_000_00)
        state = await bench.sees(lambda now: now.call is not None and now.call.pays is Pays.HELD, "held at the slot")
        assert state.screen is Screen.CASH_IN
        question = await talk.sends(CardKind.QUESTION, "Получается?")
        await bench.inserts(500_00)
        state = bench.states[-1]
        assert (state.screen, state.call.card_id) == (Screen.CASH_IN, question), "nothing lies over the money"
        bench.press(ipc.PressPay())
        state = await bench.sees_screen(Screen.RECEIPT)
        assert state.receipt is not None
        assert (state.receipt.paid_minor, state.receipt.credited) == (SUM_MINOR, True)
        await bench.sees(lambda now: now.receipt is not None and now.receipt.printed is True, "the slip")
        (slip,) = talk.printer.take_slips()
        words = "\n".join(row.text for row in slip.rows if isinstance(row, TextRow))
        assert "1 500,00" in words.replace("\u00a0", " ")
        told = await talk.answer_to(card)
        assert (told.author, told.answer) == (NoteAuthor.TERMINAL, CardAnswer.PAID)
        assert [now.screen for now in bench.states if now.screen is Screen.CALL_RESULT] == []

        bench.press(ipc.Dismiss())
        state = await talk.stands(question)
        bench.press(AnswerCard(question, CardAnswer.YES))
        assert (await talk.answer_to(question)).answer is CardAnswer.YES
        await bench.sees(
            lambda now: now.screen is Screen.CALL_LIVE and now.call is not None and now.call.pays is Pays.NO, "the talk"
        )
        assert (card, "paid") in [(to, answer) for _, _, to, answer, _ in kept(office_data)]


@pytest.mark.clause("6.1.1", owner="terminal_app")
async def test_an_agent_who_ends_the_talk_ends_no_payment(tmp_path):
    async with talking(tmp_path, cash=True) as (talk, _, _data):
        bench = talk.bench
        await proposed(talk)
        await at_the_slot(talk)
        await bench.inserts(1_000_00)
        await talk.page.send(EndCall("e", talk.call_id))
        await talk.page.expect(CallEnded)
        await bench.sees(lambda now: now.call is not None and now.call.pays is Pays.NO, "nobody is on the line")
        await bench.inserts(500_00)
        assert bench.states[-1].screen is Screen.CASH_IN
        bench.press(ipc.PressPay())
        state = await bench.sees_screen(Screen.RECEIPT)
        assert state.receipt is not None
        assert state.receipt.paid_minor == SUM_MINOR
        bench.press(ipc.Dismiss())
        await bench.sees_screen(Screen.CALL_RESULT)


@pytest.mark.clause("6.1.1", owner="terminal_app")
async def test_who_goes_back_without_paying_is_in_the_talk_again_and_no_note_is_taken(tmp_path):
    async with talking(tmp_path, cash=True) as (talk, _, _data):
        bench = talk.bench
        card = await proposed(talk)
        await at_the_slot(talk)
        await bench.sees(lambda now: now.cash is not None and now.cash.acceptor_ready, "the slot is open")
        await talk.page.send(AgentPing(3))
        bench.press(StopHelp())
        told = await talk.answer_to(card)
        assert (told.author, told.answer) == (NoteAuthor.TERMINAL, CardAnswer.NOT_PAID)
        await bench.sees_screen(Screen.CALL_LIVE)
