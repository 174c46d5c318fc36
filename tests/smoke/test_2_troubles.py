"""What goes wrong in a hall ends in a plain sentence on the screen, and the terminal is of use again."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
import segno

from payment.codes.gost_qr import BillQrError, parse
from tests.smoke.agent import Agent, chromium, write_tone
from tests.smoke.places import PLACE, get, hand
from tests.smoke.robot import TouchRobot, wait_for

ACCOUNT, ATTRIBUTE = "100000017", "4321"
GONE_S_MAX = 40.0  # 10 s until a silent page is missed, 10 s of grace for a reload, and the way to the screen

pytestmark = [pytest.mark.smoke, pytest.mark.timeout(300)]


@pytest.fixture(autouse=True)
def terminal_is_of_use_again(robot: TouchRobot):
    """Each trouble begins and ends at the first screen."""
    robot.wait_screen("attract")
    yield
    robot.wait_screen("attract")


def says(robot: TouchRobot, part: str) -> None:
    wait_for(f"«{part}» on the screen", lambda: any(part in name for name in robot.names()))


def test_a_wrong_account_is_said_beside_the_field(robot):
    robot.touch("pay")
    robot.wait_screen("account_entry")
    robot.type_digits("999999999")
    robot.touch("next")
    says(robot, "Такого лицевого счёта нет")
    robot.shoot("wrong-account")
    robot.touch("home")


def test_a_damaged_code_is_said_to_be_unreadable(demo, robot):
    damaged = PLACE / "damaged.png"
    payload = b"ST00012|Name=\xd0\x9e\xd0\x9e\xd0\x9e|PersonalAcc=123"
    with pytest.raises(BillQrError):
        parse(payload)
    segno.make(payload, error="m", mode="byte").save(str(damaged), scale=10, border=4)
    hand(demo, "show-bill", str(damaged))
    robot.touch("scan")
    robot.wait_screen("notice")
    robot.shoot("unreadable-code")
    hand(demo, "hide-bill")
    robot.touch("dismiss")
    robot.wait_screen("account_entry")
    robot.touch("home")


def test_a_paper_that_is_no_money_comes_back_and_a_note_after_it_is_paid(demo, robot):
    before = len(get(demo["sandbox_url"] + "/credits"))
    robot.touch("pay")
    robot.type_digits(ACCOUNT)
    robot.touch("next")
    robot.touch("yes")
    robot.wait_screen("second_attribute")
    robot.type_digits(ATTRIBUTE)
    robot.touch("next")
    robot.wait_screen("balance")
    robot.touch("pay")
    robot.wait_screen("amount")
    chosen = next(key for key in robot.touchable() if key.startswith("sum_"))
    robot.touch(chosen)
    robot.wait_screen("means")
    robot.touch("cash")
    robot.wait_screen("cash_in")
    hand(demo, "insert", "junk")
    says(robot, "не распозна")
    robot.shoot("rejected-note")
    hand(demo, "paper", "out")
    hand(demo, "insert", "100")
    says(robot, "100,00")
    robot.touch("pay")
    if int(chosen.removeprefix("sum_")) > 100_00:  # what is to pay depends on the payments before
        robot.touch("credit")
    robot.wait_screen("receipt")
    says(robot, "Запишите")
    robot.shoot("receipt-without-paper")
    hand(demo, "paper", "ok")
    robot.touch("done")
    assert len(get(demo["sandbox_url"] + "/credits")) == before + 1


CLOSED = "консультанты не работают"  # at night, where the tests run


def nobody_serves(robot):
    return any(words in name for words in ("консультантов нет", CLOSED) for name in robot.names())


def test_without_an_agent_on_duty_the_touch_is_answered(robot):
    wait_for("nobody on duty", lambda: nobody_serves(robot))
    by_night = any(CLOSED in name for name in robot.names())
    robot.touch("consultant")
    if not by_night:
        robot.touch("speak")
    robot.wait_screen("notice")
    robot.shoot("no-agent")
    robot.touch("dismiss")


def test_an_agents_page_closed_in_mid_call_is_said_and_the_case_keeps_its_number(demo, robot):
    tone = PLACE / "tone.wav"
    write_tone(tone)
    shutil.rmtree(PLACE / "chromium-2", ignore_errors=True)
    with chromium(PLACE / "chromium-2", tone) as context:
        agent = Agent(context.new_page(), PLACE)
        agent.sign_in(demo["desk_url"], demo["login"], demo["password"])
        agent.page.get_by_test_id("ready").click()
        wait_for("an agent on duty", lambda: not nobody_serves(robot))
        robot.touch("consultant")
        robot.touch("type")
        agent.page.get_by_test_id("accept").click()
        robot.wait_screen("call_live")
        wait_for("a picture", lambda: robot.ask(do="frames")["agent"] > 0 or None)
    robot.wait_screen("notice", GONE_S_MAX)
    says(robot, "прервал")
    robot.shoot("agent-gone")
    robot.touch("dismiss")


def test_with_the_office_down_the_call_is_refused_in_words_and_money_is_still_taken(demo, robot):
    """Last of all: the office is killed and stays down."""
    os.kill(_pid_of("signaling_server", "serve", demo["config"]), signal.SIGKILL)
    says(robot, "связи")
    robot.touch("consultant")
    robot.wait_screen("notice")
    robot.shoot("office-down")
    robot.touch("dismiss")
    robot.wait_screen("attract")
    robot.touch("pay")
    robot.type_digits(ACCOUNT)
    robot.touch("next")
    robot.wait_screen("account_confirm")
    robot.touch("home")


def _pid_of(module: str, verb: str, config: str) -> int:
    data = str(Path(config).parent)
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if module in words and verb in words and any(word.startswith(data) for word in words):
            return int(path.parent.name)
    raise AssertionError(f"no process {module} {verb}")
