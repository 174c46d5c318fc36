"""What pages are made of beside the common widgets: choices, pieces of a text, a picture, a code for a phone."""

from __future__ import annotations

import io
from typing import Any

import segno
from kivy.core.image import Image as CoreImage
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.image import Image

from terminal_app.ui.widgets.base import Action, Row, TouchTarget, UiText

BORDER = 4  # light modules around it
JPEG_START = b"\xff\xd8"


class ChoiceTile(TouchTarget):
    """One choice of a list: pictogram, title, one line of explanation."""

    item = ObjectProperty(None, rebind=True)
    least = NumericProperty(26)  # design millimetres: higher only when its words need it
    hint_shown = BooleanProperty(True)


class SlimTile(ChoiceTile):
    """One of many choices."""


class HomeTile(ChoiceTile):
    """One entry of the first screen."""


class ChoiceButton(Action):
    """One button under a text or a summary."""

    item = ObjectProperty(None, rebind=True)


class PageButtons(BoxLayout):
    """The main button at the bottom, the others over it."""

    main = ObjectProperty(None, rebind=True, allownone=True)
    others: ListProperty = ListProperty([])


class PieceRow(Row):
    """A piece of a text: `PieceView`."""


class SaidText(UiText):
    """Words that are read aloud in other words: a formula."""

    say = StringProperty("")

    @property
    def meant(self) -> str:
        return str(self.say or self.text)


class CellRow(Row):
    """One cell of a table: its words, and whether it is of the head."""


class Waiting(BoxLayout):
    """An answer is awaited."""


class PictureView(Image):
    """A picture out of an article, or the photo just taken. `name` is what it shows, for who cannot see it."""

    content = ObjectProperty(b"")
    name = StringProperty("")
    tallest = NumericProperty(60)  # design millimetres
    atomic = True

    def on_content(self, *_: Any) -> None:
        kind = "jpg" if self.content[:2] == JPEG_START else "png"
        self.texture = CoreImage(io.BytesIO(self.content), ext=kind).texture if self.content else None


class SheetView(Image):
    """A strip of a sheet in its whole width. `part`: where it begins from the top, and its height, of the sheet's."""

    content = ObjectProperty(b"")
    part = ObjectProperty((0.0, 1.0))
    name = StringProperty("")
    role = "picture"
    atomic = True
    _whole: Texture | None = None

    def on_content(self, *_: Any) -> None:
        self._whole = CoreImage(io.BytesIO(self.content), ext="jpg").texture if self.content else None
        self.on_part()

    def on_part(self, *_: Any) -> None:
        whole = self._whole
        if whole is None:
            self.texture = None
            return
        top, height = self.part
        rows = max(1, round(whole.height * height))
        begins = min(whole.height - rows, max(0, round(whole.height * (1 - top) - rows)))  # textures count from below
        self.texture = whole.get_region(0, begins, whole.width, rows)


class QrView(Image):
    """A QR code as large as its place, sharp: whole pixels a module."""

    payload = StringProperty("")
    atomic = True

    def on_payload(self, *_: Any) -> None:
        self.texture = qr_texture(self.payload) if self.payload else None


def qr_texture(payload: str) -> Texture:
    """One point a module, four of border."""
    rows = [list(row) for row in segno.make(payload, error="m", micro=False).matrix_iter(border=BORDER)]
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    texture.blit_buffer(
        bytes(0 if dark else 255 for row in rows for dark in row), colorfmt="luminance", bufferfmt="ubyte"
    )
    texture.flip_vertical()
    return texture
