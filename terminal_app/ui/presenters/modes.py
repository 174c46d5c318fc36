"""What the customer may switch on to be served as they need: the strip of the first screen and the window of modes."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from terminal_app.ipc.modes import Language, Modes, TextSize
from terminal_app.ui import theme
from terminal_app.ui.locale import t

BIGGER = {TextSize.NORMAL: TextSize.LARGE, TextSize.LARGE: TextSize.LARGEST, TextSize.LARGEST: TextSize.NORMAL}
OTHER_LANGUAGE = {Language.RUSSIAN: Language.ENGLISH, Language.ENGLISH: Language.RUSSIAN}
SWITCHES = {"mode_contrast": "contrast", "mode_low": "low", "mode_plain": "plain", "mode_voice": "voice"}
ICONS = {"mode_contrast": "contrast", "mode_low": "lower", "mode_plain": "simple", "mode_voice": "voice"}


@dataclass(frozen=True, slots=True)
class ModeChoice:
    """One mode: a word for the strip, a name that says what it does, and how it stands now."""

    key: str
    icon: str
    word: str
    name: str
    value: str
    on: bool
    role: str = "switch"


def mode_choices(modes: Modes) -> tuple[ModeChoice, ...]:
    """Each mode apart from the others, the language last. The low mode only where the glass is taller than reach."""
    size = ModeChoice(
        key="mode_size",
        icon="letters",
        word=t("modes.size"),
        name=t("modes.size_name"),
        value=t(f"modes.size_{modes.text_size}"),
        on=modes.text_size is not TextSize.NORMAL,
    )
    switches = [_switch(key, modes) for key in SWITCHES if key != "mode_low" or theme.low_offered()]
    slow = [_choice("mode_slow", "slow", "slow", modes.slow)] if modes.voice else []
    language = ModeChoice(
        key="mode_language",
        icon="globe",
        word=t("modes.language"),
        name=t("modes.language_name"),
        value="",
        on=False,
        role="button",
    )
    return (size, *switches, *slow, language)


def chosen(key: str, modes: Modes) -> Modes | None:
    """The modes after a press; None when the key is no mode."""
    if key == "mode_size":
        return replace(modes, text_size=BIGGER[modes.text_size])
    if key == "mode_slow":
        return replace(modes, slow=not modes.slow)
    if key == "mode_language":
        return replace(modes, language=OTHER_LANGUAGE[modes.language])
    if name := SWITCHES.get(key):
        return replace(modes, **{name: not getattr(modes, name)})
    return None


def _switch(key: str, modes: Modes) -> ModeChoice:
    return _choice(key, ICONS[key], SWITCHES[key], getattr(modes, SWITCHES[key]))


def _choice(key: str, icon: str, word: str, on: bool) -> ModeChoice:
    value = t("modes.on") if on else t("modes.off")
    return ModeChoice(key, icon, t(f"modes.{word}"), t(f"modes.{word}_name"), value, on)
