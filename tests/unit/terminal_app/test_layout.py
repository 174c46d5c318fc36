"""Where this terminal's parts are: from its settings, whole, shown and read aloud."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import structs

from terminal_app.config import ConfigError, load_config
from terminal_app.core.offered import offer_at
from terminal_app.core.tasks import registry
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.modes import Language, Modes
from terminal_app.ipc.pages import OpenService
from terminal_app.layout import Layout, PartPlace
from terminal_app.schedule import Schedule
from terminal_app.ui import locale, theme
from terminal_app.ui.presenters.chrome import ChromePresenter
from terminal_app.ui.presenters.page_summary import PageSummaryPresenter

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT, screen_of
from terminal_states import STATES, at

DEVICES = (
    '[devices]\nbill_validator = "ccnet+serial:///dev/a"\nbarcode_reader = "scanner+serial:///dev/b"\ncamera = ""\n'
)
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
TOLD = '[layout]\nbill_validator = "below"\nbarcode_reader = "right"\nkeypad = "below left"\n'


def told(tmp_path, text):
    (tmp_path / "terminal.toml").write_text(text)
    return load_config(tmp_path / "terminal.toml").layout


@pytest.mark.clause("9.6.9b", owner="terminal_app")
def test_the_parts_of_this_terminal_are_told_where_its_settings_say(tmp_path):
    parts = told(tmp_path, DEVICES + TOLD).parts()
    page = registry.SERVICES["layout"].begin(CONTEXT)[0].page(replace(CONTEXT, layout=parts))
    state = at(screen_of(page), page=page, modes=Modes(voice=True))
    shown = [(pair.title, pair.amount) for pair in PageSummaryPresenter(state).view(state).pairs]
    assert shown == [
        ("Приёмник купюр", "снизу"),
        ("Сканер квитанций", "справа"),
        ("Кнопки с цифрами", "снизу слева"),
    ]


def test_every_part_and_place_has_words_in_both_languages():
    for language in Language:
        texts = locale.CATALOGUES[language, False].texts
        assert {f"layout.{name}" for name in Layout.__struct_fields__} <= texts.keys()
        assert {f"layout.at.{place.key}" for place in PartPlace} <= texts.keys()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[layout]\nbill_validator = "below"\n', "says nothing of barcode_reader"),
        (TOLD + 'coin_acceptor = "left"\n', "not among the devices: coin_acceptor"),
        ('[layout]\nbill_validator = "behind"\n', "behind"),
        ('[layout]\nlamp = "above"\n', "lamp"),
    ],
)
def test_a_description_that_is_not_whole_stops_the_start(tmp_path, text, words):
    with pytest.raises(ConfigError, match=words):
        told(tmp_path, DEVICES + text)


def test_where_nothing_is_described_nothing_is_offered(tmp_path):

    assert told(tmp_path, DEVICES).parts() == ()
    assert not offer_at(Schedule(), NOON, without=["layout"]).serves("layout")
    assert offer_at(Schedule(), NOON).serves("layout")


def test_it_is_a_touch_away_in_the_window_of_modes_and_the_window_closes():
    chrome = ChromePresenter(theme.brand)
    state = STATES["attract"]
    chrome.press("modes", state)
    assert chrome.view(state).dialog == "modes"
    assert chrome.press("layout", state) == OpenService("layout")
    assert chrome.view(state).dialog == ""
    assert chrome.press("layout", structs.replace(state, screen=Screen.CASH_IN)) is None
