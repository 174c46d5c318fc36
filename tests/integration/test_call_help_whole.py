"""Help with a form, with the real office and the real core process: from the offer to the customer's own touch."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from payment.sandbox.seed import DEMO_ACCOUNT
from signaling_server.contract.help import (
    FieldProposed,
    HelpField,
    HelpOffered,
    HelpState,
    HelpTold,
    ProposalAnswer,
)
from terminal_app.core.call_help import ALLOW, PAGE
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import AnswerProposal, StopHelp
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose
from tests.integration.core_bench import ATTRIBUTE
from tests.integration.office_bench import Peer
from tests.integration.test_call_cards_whole import talking

STOP_S_MAX = 0.3
FORM = Screen.ACCOUNT_ENTRY.value


async def told(page: Peer, **wanted: object) -> HelpTold:
    while True:
        now = await page.expect(HelpTold)
        if all(getattr(now, name) == value for name, value in wanted.items()):
            return now


def kept(office_data: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(office_data / "office.db") as database:
        return database.execute("SELECT state, form, answer FROM call_help ORDER BY sequence").fetchall()


@pytest.mark.clause("9.6.3c", owner="signaling_server/desk")
@pytest.mark.clause("9.6.3c", owner="terminal_app")
async def test_the_agent_helps_with_the_account_and_nothing_is_done_without_the_customers_touch(tmp_path):
    async with talking(tmp_path, before=ipc.StartPayment()) as (talk, _, office_data):
        bench, page, call_id = talk.bench, talk.page, talk.call_id
        await told(page, form_stands=True, state=HelpState.NONE)
        await page.send(FieldProposed(call_id, "p0", FORM, DEMO_ACCOUNT))  # before he was asked: goes nowhere
        await page.send(HelpOffered(call_id))
        await bench.sees_page(PAGE)
        bench.press(Choose(PAGE, ALLOW))
        on = await told(page, state=HelpState.ON)
        assert (on.form, on.field, on.proposal_id) == (FORM, HelpField.ACCOUNT, "")
        state = await bench.sees_screen(Screen.ACCOUNT_ENTRY)
        assert state.account_typed == ""

        await page.send(FieldProposed(call_id, "p1", FORM, DEMO_ACCOUNT))
        state = await bench.sees(lambda state: state.call is not None and bool(state.call.help.value), "a proposal")
        assert (state.screen, state.call.help.value, state.account_typed) == (Screen.ACCOUNT_ENTRY, DEMO_ACCOUNT, "")
        bench.press(AnswerProposal("p1", taken=True))
        await told(page, proposal_id="p1", answer=ProposalAnswer.TAKEN)
        bench.press(ipc.SubmitAccount(DEMO_ACCOUNT))
        await bench.sees_screen(Screen.ACCOUNT_CONFIRM)
        bench.press(ipc.ConfirmAccount())
        await bench.sees_screen(Screen.SECOND_ATTRIBUTE)
        secret = await told(page, form=Screen.SECOND_ATTRIBUTE.value)
        assert secret.field is None
        await page.send(FieldProposed(call_id, "p2", secret.form, ATTRIBUTE))
        await told(page, proposal_id="p2", answer=ProposalAnswer.REFUSED)

        began_s = time.monotonic()
        bench.press(StopHelp())
        state = await bench.sees_screen(Screen.CALL_LIVE)
        assert time.monotonic() - began_s < STOP_S_MAX
        assert state.call is not None
        assert not state.call.help.on
        await told(page, state=HelpState.NONE)
        rows = kept(office_data)
        assert [row[0] for row in rows[:3]] == ["none", "offered", "on"]
        assert ("on", FORM, "taken") in rows
        assert ("on", secret.form, "refused") in rows
        assert rows[-1] == ("none", "", "")
