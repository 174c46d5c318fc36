"""Writing to the consultant: the pad or the keyboard, and who is on the line. The look is in call_notes.kv."""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from terminal_app.ui.screens.screen import KioskScreen
from terminal_app.ui.widgets.base import Action


class CallPadScreen(KioskScreen):
    """A sheet for the consultant."""


class CallTypingScreen(KioskScreen):
    """A field and its keys for the consultant."""


class TalkAside(BoxLayout):
    """The consultant's picture, name and last words, small."""

    view: Any = ObjectProperty(None, rebind=True)


class NoteSend(Action):
    """«Отправить» of pad and keyboard."""

    view: Any = ObjectProperty(None, rebind=True)
