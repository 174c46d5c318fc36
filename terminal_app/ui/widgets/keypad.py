"""The keypad: 1-2-3 on top, as on a telephone. No key repeat."""

from __future__ import annotations

from kivy.uix.gridlayout import GridLayout


class Keypad(GridLayout):
    """Its keys are `digit_0` .. `digit_9`, `clear` and `backspace`."""

    atomic = True
