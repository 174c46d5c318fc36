"""The whole main job by a robot: note to receipt, press to picture, on the programs as `make demo` starts them.

Leaves a screenshot of every step and summary.json under build/smoke/.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from payment.money import rubles_bare
from signaling_server.local_time import local_date
from signaling_server.self_service.feedback import load_surveys
from tests.smoke.agent import AGENT_TONE_HZ, Agent, chromium, write_tone
from tests.smoke.places import PLACE, ROOT, TERMINAL_TONE_HZ, get, hand
from tests.smoke.robot import TouchRobot, wait_for
from tests.smoke.sound import SoundCard

ACCOUNT, ATTRIBUTE = "100000017", "4321"
AUDIBLE_DB = -50.0
NOTES = (1000, 500)

pytestmark = [pytest.mark.smoke, pytest.mark.timeout(420)]


def to_cash(robot: TouchRobot) -> None:
    robot.touch("sum_154321")
    robot.wait_screen("means")
    robot.touch("cash")
    robot.wait_screen("cash_in")


def test_a_note_becomes_a_credited_payment_and_a_receipt(demo, robot, summary):
    robot.wait_screen("attract")
    robot.shoot("attract")
    robot.touch("pay")
    robot.wait_screen("account_entry")
    robot.type_digits(ACCOUNT)
    robot.shoot("account")
    robot.touch("next")
    robot.wait_screen("account_confirm")
    robot.shoot("confirm")
    robot.touch("yes")
    robot.wait_screen("second_attribute")
    robot.type_digits(ATTRIBUTE)
    robot.touch("next")
    robot.wait_screen("balance")
    robot.shoot("balance")
    robot.touch("pay")
    robot.wait_screen("amount")
    robot.shoot("amount")
    to_cash(robot)
    robot.shoot("cash-empty")
    _insert_notes(demo, robot, summary)
    robot.touch("pay")
    robot.wait_screen("notice")  # less than the bill asks is inside
    robot.shoot("pay-less")
    robot.touch("credit")
    robot.wait_screen("receipt")
    wait_for("the slip to be said printed", lambda: _slips(demo))
    robot.shoot("receipt")
    _assert_paid(demo, summary)
    robot.touch("done")
    robot.wait_screen("attract")


def _insert_notes(demo: dict[str, str], robot: TouchRobot, summary: dict[str, Any]) -> None:
    inserted = 0
    for value in NOTES:
        began_s = time.monotonic()
        hand(demo, "insert", str(value))
        inserted += value * 100
        shown = rubles_bare(inserted)
        wait_for(f"{shown} on the screen", lambda shown=shown: any(shown in name for name in robot.names()))
        summary.setdefault("note_to_screen_s", []).append(round(time.monotonic() - began_s, 2))
    robot.shoot("cash-full")


def _slips(demo: dict[str, str]) -> list[Path] | None:
    return sorted(Path(demo["paper"]).glob("*.png")) or None


def _assert_paid(demo: dict[str, str], summary: dict[str, Any]) -> None:
    paid_minor = sum(NOTES) * 100
    credits = [credit for credit in get(demo["sandbox_url"] + "/credits") if credit["account"] == ACCOUNT]
    assert [credit["amount_minor"] for credit in credits] == [paid_minor]
    listed = subprocess.run(
        [sys.executable, "-m", "payment", "journal", demo["journal"], "list", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    kinds = [json.loads(line)["kind"] for line in listed.stdout.splitlines() if line.strip()]
    assert kinds.count("stacked") == len(NOTES)
    assert kinds.count("decision") == len(NOTES)
    assert kinds.index("decision") < kinds.index("stacked") < kinds.index("pay_intent") < kinds.index("pay_result")
    cassette = hand(demo, "state")["validator"]["cassette"]
    lie = {note["value_minor"]: note["count"] for note in cassette["notes"]}
    assert lie == {value * 100: 1 for value in NOTES}
    (slip, *more) = _slips(demo) or []
    assert not more
    words = slip.with_suffix(".txt").read_text()
    assert ACCOUNT in "".join(words.split())  # written in threes
    assert rubles_bare(paid_minor).replace("\u00a0", " ") in words.replace("\u00a0", " ")
    shutil.copyfile(slip, PLACE / "receipt.png")
    summary["payment_credited_minor"] = credits[0]["amount_minor"]
    summary["receipt_png"] = "build/smoke/receipt.png"


def test_a_bill_before_the_camera_is_read_and_a_foreign_one_is_refused(demo, robot, summary):
    bills = Path(demo["config"]).parent / "bills"
    robot.touch("pay")
    robot.wait_screen("account_entry")
    hand(demo, "show-bill", str(bills / "bill-foreign.png"))
    robot.touch("scan")
    robot.wait_screen("notice")
    robot.shoot("foreign-bill")
    hand(demo, "hide-bill")
    robot.touch("dismiss")
    robot.wait_screen("account_entry")
    robot.touch("scan")
    robot.wait_screen("bill_scan")
    robot.shoot("bill-scan")
    began_s = time.monotonic()
    hand(demo, "show-bill", str(bills / "bill.png"))
    robot.wait_screen("account_confirm")
    summary["bill_read_s"] = round(time.monotonic() - began_s, 2)
    hand(demo, "hide-bill")
    robot.touch("yes")
    robot.wait_screen("balance")
    robot.shoot("balance-by-bill")
    robot.touch("home")
    robot.wait_screen("attract")


def test_a_press_becomes_a_picture_on_both_sides_and_a_registered_case(demo, card, robot, summary):
    tone = PLACE / "tone.wav"
    write_tone(tone)
    with chromium(PLACE / "chromium", tone) as context:
        agent = Agent(context.new_page(), PLACE)
        agent.shoot("blank")
        agent.sign_in(demo["desk_url"], demo["login"], demo["password"])
        agent.page.get_by_test_id("ready").click()
        wait_for("an agent on duty", lambda: not any("консультантов нет" in name for name in robot.names()))
        agent.shoot("ready")
        robot.touch("consultant")
        robot.wait_screen("call_way")
        robot.shoot("way-to-talk")
        robot.touch("speak")
        robot.wait_screen("call_waiting")
        agent.page.get_by_test_id("accept").wait_for()
        robot.shoot("waiting")
        agent.shoot("ringing")
        accepted_s = time.monotonic()
        agent.page.get_by_test_id("accept").click()
        _assert_picture_both_ways(robot, agent, summary, accepted_s)
        _assert_tone_both_ways(card, agent, summary)
        robot.shoot("call")
        agent.shoot("call")
        agent.page.get_by_test_id("end-call").click()
        robot.wait_screen("call_result")
        _wrap_up(agent)
        number = agent.page.get_by_test_id("case-number").inner_text().strip()
        wait_for("the case number on the terminal", lambda: any(number in name for name in robot.names()))
        robot.shoot("case")
        agent.shoot("case")
        summary["case_number"] = number
        agent.page.goto(demo["desk_url"] + "operations")
        agent.page.get_by_text("Терминал 1").first.wait_for()
        agent.shoot("operations")
    robot.touch("done")
    if _is_asked_after_a_call():
        robot.wait_screen("survey.score_0")
        robot.shoot("survey")
        robot.touch("home")
    robot.wait_screen("attract")


def _is_asked_after_a_call() -> bool:
    """While the shipped campaign runs."""
    today = local_date(time.time())
    return any("call" in survey.subjects and survey.since <= today <= survey.until for survey in load_surveys())


def _assert_picture_both_ways(robot: TouchRobot, agent: Agent, summary: dict[str, Any], accepted_s: float) -> None:
    first = {}

    def both() -> bool:
        if "terminal" not in first and robot.ask(do="frames").get("agent", 0) > 0:
            first["terminal"] = time.monotonic()
        if "agent" not in first and agent.frames_decoded() > 0:
            first["agent"] = time.monotonic()
        return len(first) == 2

    wait_for("pictures on both sides", both)
    summary["call_setup_ms"] = round((max(first.values()) - accepted_s) * 1000)
    robot.wait_screen("call_live")
    wait_for("moving pictures at the terminal", lambda: robot.ask(do="frames")["agent"] >= 30)
    wait_for("moving pictures at the agent", lambda: agent.frames_decoded() >= 30)
    summary["frames_decoded_terminal"] = robot.ask(do="frames")["agent"]
    summary["frames_decoded_agent"] = agent.frames_decoded()
    assert any("Соколова" in name for name in robot.names()), "the plate stands over the picture"


def _wrap_up(agent: Agent) -> None:
    agent.page.get_by_test_id("kind-question").click()
    agent.page.get_by_test_id("topic-search").fill("показани")
    agent.page.locator("[data-testid^=topic-option-]").first.click()
    agent.shoot("wrap-up")
    agent.page.get_by_test_id("register-case").click()
    agent.page.get_by_test_id("case-number").wait_for()


def _assert_tone_both_ways(card: SoundCard, agent: Agent, summary: dict[str, Any]) -> None:
    """Each side sends a tone of its own; it is found by frequency at the other one."""
    summary["audio_agent_db"] = round(agent.tone_level_db(TERMINAL_TONE_HZ), 1)
    assert summary["audio_agent_db"] > AUDIBLE_DB
    assert card.tone_level_db(AGENT_TONE_HZ * 2) < AUDIBLE_DB, "only the agent's tone is heard, not just some noise"
    summary["audio_terminal_db"] = round(card.tone_level_db(AGENT_TONE_HZ), 1)
    assert summary["audio_terminal_db"] > AUDIBLE_DB


def test_the_main_job_left_its_pictures(summary):
    assert len(list(PLACE.glob("*-terminal-*.png"))) >= 12
    wanted = {"payment_credited_minor", "receipt_png", "call_setup_ms", "frames_decoded_terminal", "case_number"}
    assert wanted | {"frames_decoded_agent", "audio_terminal_db", "audio_agent_db"} <= set(summary)
