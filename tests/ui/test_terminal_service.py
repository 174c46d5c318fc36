"""Service mode on the glass: the hidden way in, the banner that cannot be overlooked, its pages whole at every size."""

from __future__ import annotations

import time

import pytest
from conftest import SCREENSHOTS_DIR
from kiosk_bench import Kiosk
from service_states import MODES, WALKED, page_named
from terminal_states import STATES, at
from test_terminal_layout import PANELS_MM_PX, faults, small_targets

from terminal_app.core.visit_tasks import PAGE_SCREENS
from terminal_app.ipc.messages import HoldLogo, TerminalState
from terminal_app.ipc.pages import Enter
from terminal_app.ui import theme
from terminal_app.ui.touch_rules import SECRET_S

BANNER = "СЕРВИСНЫЙ РЕЖИМ"
LOGO = ("mousemove", "100", "60")  # of the standing panel


def service(name: str) -> TerminalState:
    page = page_named(name)
    return at(PAGE_SCREENS[page.kind], page=page, service=True, service_who=MODES[name].who)


def wrong_with(name: str, kiosk: Kiosk, mm_px: float) -> list[str]:
    kiosk.show(service(name))
    tree = kiosk.tree()
    kiosk.picture(SCREENSHOTS_DIR / f"{tree['width']}x{tree['height']}" / f"{name}.png")
    words = " ".join(node["name"] for node in tree["nodes"])
    customers = [node["key"] for node in tree["nodes"] if node["key"] == "consultant"]
    return [*faults(tree), *small_targets(tree, mm_px), *customers, *([] if BANNER in words else ["no banner"])]


@pytest.mark.parametrize("name", WALKED)
def test_a_standing_panel_shows_service_mode_whole(kiosk: Kiosk, name):
    assert wrong_with(name, kiosk, PANELS_MM_PX['22"']) == []


@pytest.mark.parametrize("name", WALKED)
def test_a_lying_panel_shows_service_mode_whole(lying_kiosk: Kiosk, name):
    mm_px = {1366: 84.7, 1280: 86.3}[lying_kiosk.tree()["width"]] / theme.MM_PER_INCH
    assert wrong_with(name, lying_kiosk, mm_px) == []


def test_only_a_finger_that_stays_on_the_logo_asks_for_the_sign_in(kiosk: Kiosk):
    kiosk.show(STATES["attract"])
    kiosk.finger(*LOGO, "mousedown", "1", "sleep", "1", "mouseup", "1")
    away = ("sleep", "0.2", "mousemove", "600", "900", "sleep", str(SECRET_S + 0.5))
    kiosk.finger(*LOGO, "mousedown", "1", *away, "mouseup", "1")
    time.sleep(0.3)
    assert kiosk.commands(HoldLogo) == []
    kiosk.finger(*LOGO, "mousedown", "1", "sleep", str(SECRET_S + 0.5), "mouseup", "1")
    assert kiosk.wait_command(HoldLogo) == HoldLogo()
    time.sleep(0.3)
    assert len(kiosk.commands(HoldLogo)) == 1


def test_a_pin_is_dots_on_the_glass_and_gone_once_it_is_sent(kiosk: Kiosk):
    kiosk.show(service("service_pin"))
    for digit in "7351":
        kiosk.touch(f"digit_{digit}")
    tree = kiosk.wait_for(lambda tree: any("••••" in node["name"] for node in tree["nodes"]))
    assert not any("7351" in node["name"] or "7351" in node["say"] for node in tree["nodes"])
    kiosk.touch("next")
    assert kiosk.wait_command(Enter) == Enter("service_pin", "7351")
    kiosk.wait_for(lambda tree: not any("•" in node["name"] for node in tree["nodes"]))
