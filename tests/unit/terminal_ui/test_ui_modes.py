"""Modes of accessibility without a window: what a press chooses, how words grow, how pages are cut, what is focused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from terminal_app.ipc.modes import Language, Modes, TextSize
from terminal_app.ui import locale, palettes, theme
from terminal_app.ui.keypad_keys import NEXT, meaning
from terminal_app.ui.locale import CATALOGUES, en, ru, ru_plain
from terminal_app.ui.narration import Narration
from terminal_app.ui.paging import SLACK_PX, Atom, cut
from terminal_app.ui.presenters.modes import chosen, mode_choices
from terminal_app.ui.semantics import Node, focusable, said, step

WORDS_MAX = 15  # in a plain sentence: clause 9.6.6


@pytest.fixture(autouse=True)
def usual_look():
    yield
    theme.use(theme.measure(1080, 1920, None))
    theme.wear(Modes())
    locale.use(Language.RUSSIAN, plain=False)


@pytest.mark.clause("9.6.8e", owner="terminal_app")
def test_each_press_changes_one_mode_and_a_second_one_takes_it_back():
    switches = {"mode_contrast": "contrast", "mode_low": "low", "mode_plain": "plain", "mode_voice": "voice"}
    for key, name in switches.items():
        on = chosen(key, Modes(text_size=TextSize.LARGE))
        assert on == replace(Modes(text_size=TextSize.LARGE), **{name: True})
        assert chosen(key, on) == Modes(text_size=TextSize.LARGE)
    assert chosen("mode_size", Modes()).text_size is TextSize.LARGE
    assert chosen("mode_size", Modes(text_size=TextSize.LARGEST)).text_size is TextSize.NORMAL
    assert chosen("mode_language", Modes()).language is Language.ENGLISH
    assert chosen("pay", Modes()) is None


@pytest.mark.clause("5.1.11", "9.6.3a", owner="terminal_app")
def test_the_first_screen_offers_every_mode_and_says_how_it_stands():
    choices = {choice.key: choice for choice in mode_choices(Modes(voice=True))}
    assert {"mode_size", "mode_contrast", "mode_low", "mode_plain", "mode_voice", "mode_slow"} <= set(choices)
    assert choices["mode_voice"].value == "включено"
    assert choices["mode_contrast"].value == "выключено"


def test_where_all_of_the_glass_is_within_reach_the_low_mode_is_not_offered():
    theme.use(theme.measure(1366, 768, 84.7, bottom_mm=800))
    assert "mode_low" not in {choice.key for choice in mode_choices(Modes())}
    theme.use(theme.measure(1080, 1920, 100.1, bottom_mm=1000))  # 100 mm hold no task
    assert "mode_low" not in {choice.key for choice in mode_choices(Modes())}


@pytest.mark.parametrize("size", [TextSize.LARGE, TextSize.LARGEST])
def test_words_up_to_body_grow_in_full_and_larger_ones_stay_larger(size):
    sizes = sorted((style.size, theme.text_mm(style.size, size)) for style in theme.TYPE.values())
    assert [grown for _, grown in sizes] == sorted(grown for _, grown in sizes)
    for usual, grown in sizes:
        if usual <= theme.TYPE["body"].size:
            assert grown == pytest.approx(usual * theme.GROWTH[size])
        assert grown >= usual


def contrast(first, second):
    def light(rgba):
        parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in rgba[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("make", [palettes.light, palettes.high_contrast])
def test_both_palettes_keep_words_at_seven_and_edges_at_three(make):
    colours = make(theme.brand)
    pairs = [
        ("ink", "surface"), ("ink_soft", "background"), ("on_primary", "primary"), ("on_primary", "primary_pressed"),
        ("on_danger", "danger"), ("dock_ink", "surface"), ("on_disabled", "disabled"), ("white", "dark"),
        ("ink", "warning_tint"), ("primary", "surface"), ("success", "surface"),
    ]  # fmt: skip
    for words, ground in pairs:
        assert contrast(getattr(colours, words), getattr(colours, ground)) >= 7.0, (words, ground)
    assert contrast(colours.focus, colours.surface) >= 3.0
    assert contrast(colours.mark, colours.surface) >= 3.0


# --- catalogues ----------------------------------------------------------------------------------------------------


def test_both_languages_say_everything_with_the_same_values():
    assert set(ru.TEXTS) == set(en.TEXTS)
    assert set(ru.PLURALS) == set(en.PLURALS)
    for key, words in ru.TEXTS.items():
        assert set(re.findall(r"{\w+}", words)) == set(re.findall(r"{\w+}", en.TEXTS[key])), key
    assert set(ru_plain.TEXTS) <= set(ru.TEXTS)


@pytest.mark.clause("9.6.6", owner="terminal_app")
@pytest.mark.parametrize("language", list(Language))
def test_plain_sentences_are_short(language):
    texts = CATALOGUES[language, True].texts
    long = [s for words in texts.values() for s in re.split(r"[.!?:]\s", words) if len(s.split()) > WORDS_MAX]
    assert long == []


def test_english_has_its_own_plurals():
    locale.use(Language.ENGLISH, plain=False)
    assert locale.plural("attempts_left", 1) == "1 attempt left"
    assert locale.plural("attempts_left", 21) == "21 attempts left"


# --- pages ---------------------------------------------------------------------------------------------------------

COLUMN = st.lists(
    st.tuples(st.integers(10, 90), st.integers(0, 9), st.booleans(), st.booleans()), min_size=1, max_size=20
)


@given(COLUMN)
def test_pages_hold_every_atom_whole_once_and_targets_within_reach(column):
    atoms, top = [], 0
    for height, gap, target, starts in column:
        atoms.append(Atom(top, top + height, target=target, starts_page=starts))
        top += height + gap
    pages = cut(atoms, place=200, reach=120)
    assert [p.top for p in pages] == sorted({p.top for p in pages})
    for atom in atoms:
        on = [page for page in pages if page.top <= atom.top and atom.bottom <= page.bottom]
        assert len(on) == 1
        assert on[0].bottom - on[0].top <= 200 + SLACK_PX
        assert not atom.target or on[0].bottom - atom.top <= 120 + SLACK_PX


def test_what_stands_side_by_side_is_not_torn():
    keys, field, hint = Atom(0, 100), Atom(0, 30), Atom(40, 90)
    assert [page.bottom for page in cut([keys, field, hint, Atom(110, 150)], 120, 500)] == [100, 150]


# --- the tree, the keypad and the voice -----------------------------------------------------------------------------


def node(role, name, key="", **values):
    values.setdefault("say", said(role, name, "", enabled=True))
    return Node(role=role, name=name, key=key, enabled=True, x=0, y=0, width=10, height=10, **values)


TREE = [node("heading", "К оплате"), node("button", "Оплатить", "pay"), node("text", "Оплатить", within="pay", say="")]


def test_arrows_walk_over_targets_and_with_the_voice_over_words_too_and_round_the_ends():
    assert [n.name for n in focusable(TREE, words=False)] == ["Оплатить"]
    spoken = focusable(TREE, words=True)
    assert [n.name for n in spoken] == ["К оплате", "Оплатить"]
    assert step(spoken, "", 1) is spoken[0]
    assert step(spoken, "pay", 1) is spoken[0]
    assert step(spoken, "heading:К оплате", -1) is spoken[1]
    assert step([], "", 1) is None


def test_a_target_says_what_it_is_and_that_it_cannot_be_pressed():
    assert said("button", "Оплатить", "", enabled=False) == "Оплатить. Кнопка. Сейчас не нажимается"
    assert said("switch", "Читать вслух", "включено", enabled=True) == "Читать вслух. Переключатель. включено"
    assert "7" not in said("secret", "7", "", enabled=True)


def test_a_new_screen_is_read_whole_and_then_only_what_is_new():
    narration = Narration()
    assert narration.changed("balance/", TREE) == ["К оплате"]
    assert narration.changed("balance/", TREE) == []
    assert narration.changed("balance/", [*TREE, node("text", "Чек готов")]) == ["Чек готов"]
    assert narration.changed("receipt/", TREE) == ["К оплате"]


def test_only_arrows_enter_and_digits_mean_something():
    assert meaning(274) == NEXT
    assert meaning(ord("7")) == meaning(256 + 7) == "digit_7"
    assert [meaning(code) for code in (27, 282, 292, 308, ord("q"))] == [""] * 5
