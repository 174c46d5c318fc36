"""When the first screen is back, ui holds nothing of the customer: no text in any live object, no picture of his."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest
from kiosk_bench import ANSWER_S_MAX, Kiosk, virtual_display
from terminal_states import STATES

TYPED = "4815"
TURN_S = 0.3


@pytest.fixture
def probed(tmp_path):
    with virtual_display(1080, 1920) as display:
        kiosk = Kiosk(tmp_path, display, (1080, 1920), 100.1, main="tests.ui.wipe_probe")
        try:
            yield kiosk
        finally:
            kiosk.close()


def held(kiosk: Kiosk, needles: list[str]) -> dict:
    out = kiosk.run_dir / "probe.json"
    out.unlink(missing_ok=True)
    (kiosk.run_dir / "needles.json").write_text(json.dumps(needles), "utf-8")
    kiosk.process.send_signal(signal.SIGUSR1)
    give_up_at_s = time.monotonic() + ANSWER_S_MAX
    while not out.exists():
        assert time.monotonic() < give_up_at_s
        time.sleep(0.05)
    return json.loads(Path(out).read_text("utf-8"))


def visits(kiosk: Kiosk, account) -> None:
    """A customer is recognised, types, writes by finger, sees his money and goes."""
    kiosk.show(STATES["account_confirm"])
    assert account.name_masked in held(kiosk, [account.name_masked])["found"], "the probe sees what is there"
    kiosk.show(STATES["second_attribute"])
    for digit in TYPED:
        kiosk.touch(f"digit_{digit}")
    time.sleep(TURN_S)
    kiosk.show(STATES["page_pad"])
    node = next(node for node in kiosk.tree()["nodes"] if node["role"] == "drawing")
    x, y = round(node["x"] + node["width"] / 4), round(node["y"] + node["height"] / 4)
    kiosk.finger("mousemove", str(x), str(y), "mousedown", "1", "mousemove", str(x + 90), str(y), "mouseup", "1")
    kiosk.wait_for(lambda tree: any(node["value"] == "1 штрих" for node in tree["nodes"]))
    for name in (
        "page_written_looked",
        "balance",
        "page_history",
        "page_informing",
        "receipt",
        "page_entry",
        "attract",
    ):
        kiosk.show(STATES[name])


@pytest.mark.clause("5.1.12", owner="terminal_app")
def test_nothing_of_a_visit_outlives_it_on_the_glass(probed: Kiosk):
    """Textures are counted from the second visit on: pictograms are kept for the next customer."""
    account = STATES["balance"].account
    needles = [account.account, account.name_masked, account.address_masked, TYPED]
    visits(probed, account)
    before = settled(probed, needles)
    visits(probed, account)
    assert settled(probed, needles) == before
    assert before["found"] == {}


def settled(kiosk: Kiosk, needles: list[str]) -> dict:
    """What is held once it changes no more: the last screen is let go a few pictures later."""
    give_up_at_s = time.monotonic() + ANSWER_S_MAX
    last: dict = {}
    while (now := held(kiosk, needles)) != last and time.monotonic() < give_up_at_s:
        last = now
        time.sleep(TURN_S)
    return now
