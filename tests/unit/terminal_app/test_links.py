"""The company's pages elsewhere are codes for the customer's phone, from the terminal's settings."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from terminal_app.config import ConfigError, load_config
from terminal_app.core.tasks import places
from terminal_app.core.tasks.task import Chosen
from terminal_app.ipc.pages import OpenService
from terminal_app.ui import theme
from terminal_app.ui.presenters.chrome import ChromePresenter

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONTEXT
from terminal_states import STATES

LINKS = '[contacts]\naccount_site_url = "https://lk.example"\nlinks = [{name = "ВК", url = "https://vk.example/e"}]\n'


def contacts(tmp_path, text):
    (tmp_path / "terminal.toml").write_text(text)
    return load_config(tmp_path / "terminal.toml").contacts


@pytest.mark.clause("8.1.5", owner="terminal_app")
def test_other_ways_lead_to_the_account_and_to_every_page_by_a_code_with_its_name(tmp_path):
    told = contacts(tmp_path, LINKS)
    links = tuple((link.name, link.url) for link in told.links)
    context = replace(CONTEXT, account_site_url=told.account_site_url, links=links)
    ways, _ = places.ways(context)
    page = ways.page(context)
    assert page.qr == "https://lk.example"
    assert [choice.title.text for choice in page.choices] == ["ВК"]
    code, _ = ways.step(Chosen(page.choices[0].key), context)
    shown = code.page(context)
    assert (shown.title.text, shown.qr) == ("ВК", "https://vk.example/e")


def test_the_window_of_other_ways_leads_there_in_one_touch():
    chrome = ChromePresenter(theme.brand)
    chrome.press("other_ways", STATES["attract"])
    assert chrome.view(STATES["attract"]).codes
    assert chrome.press("ways", STATES["attract"]) == OpenService("ways")
    assert not chrome.view(STATES["cash_in"]).codes


@pytest.mark.parametrize(
    "links",
    [
        '{name = "", url = "https://vk.example"}',
        '{name = "ВК", url = "http://vk.example"}',
        '{name = "ВК", url = "https://vk.example/' + "a" * 120 + '"}',
        '{name = "ВК", url = "https://a.example"}, {name = "ВК", url = "https://b.example"}',
    ],
)
def test_a_link_that_leads_nowhere_stops_the_start(tmp_path, links):
    with pytest.raises(ConfigError, match="link"):
        contacts(tmp_path, f"[contacts]\nlinks = [{links}]\n")
