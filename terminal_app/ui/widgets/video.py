"""Live pictures from the media process's rings. One texture a ring for the life of the program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.graphics.texture import Texture
from kivy.properties import AliasProperty, BooleanProperty, ListProperty, StringProperty
from kivy.uix.widget import Widget

from terminal_app.ipc.frame_ring import FrameReader
from terminal_app.ui.picture_fit import covering

FRAMES_A_SECOND_MAX = 30
TEXTURE_WIDTH, TEXTURE_HEIGHT = 1280, 720  # the rings' largest picture; a smaller one takes a corner of the texture


class Ring:
    """Reads one ring into one texture and counts what it drew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader: FrameReader | None = None
        self._texture: Texture | None = None
        self.size = (0, 0)
        self.frames_drawn = 0

    def next_picture(self) -> bool:
        """True when the texture holds a new picture. On the drawing thread only."""
        if self._reader is None:
            self._reader = FrameReader(self._path)
        frame = self._reader.latest()
        if frame is None:
            return False
        if frame.width > TEXTURE_WIDTH or frame.height > TEXTURE_HEIGHT:
            return False
        self.texture.blit_buffer(
            frame.pixels, size=(frame.width, frame.height), pos=(0, 0), colorfmt="rgba", bufferfmt="ubyte"
        )
        self.size = (frame.width, frame.height)
        self.frames_drawn += 1
        return True

    @property
    def blanked(self) -> bool:
        return self._reader is None or self._reader.blanked

    @property
    def texture(self) -> Texture:
        if self._texture is None:
            self._texture = Texture.create(size=(TEXTURE_WIDTH, TEXTURE_HEIGHT), colorfmt="rgba")
            self._texture.min_filter = self._texture.mag_filter = "linear"
        return self._texture

    def wipe(self) -> None:
        """Nobody's face stays in the texture after the visit."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._texture is not None and self.size != (0, 0):
            blank = bytes(TEXTURE_WIDTH * TEXTURE_HEIGHT * 4)
            self._texture.blit_buffer(blank, colorfmt="rgba", bufferfmt="ubyte")
        self.size = (0, 0)


class Rings:
    """The rings of the run directory."""

    def __init__(self) -> None:
        self._rings: dict[str, Ring] = {}

    def open(self, run_dir: Path) -> None:
        self._rings = {name: Ring(run_dir / f"{name}.ring") for name in ("preview", "agent", "beside")}

    def __getitem__(self, name: str) -> Ring:
        return self._rings[name]

    def frames_drawn(self) -> dict[str, int]:
        return {name: ring.frames_drawn for name, ring in self._rings.items()}

    def wipe(self) -> None:
        for ring in self._rings.values():
            ring.wipe()


rings = Rings()


class VideoView(Widget):
    """Shows a ring, cropped to its place without stretching. Looks for pictures only while it is on the glass."""

    ring = StringProperty("preview")
    name = StringProperty("")
    mirrored = BooleanProperty(False)
    live = BooleanProperty(False)  # there is a picture now
    tex_coords = ListProperty([0, 0, 1, 0, 1, 1, 0, 1])
    role = "picture"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._tick = Clock.create_trigger(self._look, 1 / FRAMES_A_SECOND_MAX, interval=True)
        self.fbind("size", self._crop)

    def on_parent(self, *_: object) -> None:
        if self.parent is None:
            self._tick.cancel()
        else:
            self._tick()

    def _texture_of_ring(self) -> Texture:
        return rings[self.ring].texture

    texture = AliasProperty(_texture_of_ring, None, bind=["ring"], cache=True)

    def _look(self, _: float) -> None:
        if self.get_parent_window() is None:
            return
        ring = rings[self.ring]
        if ring.next_picture():
            self.live = True
            self._crop()
            self.canvas.ask_update()
        elif self.live and ring.blanked:
            self.live = False

    def _crop(self, *_: object) -> None:
        coords = covering(rings[self.ring].size, (TEXTURE_WIDTH, TEXTURE_HEIGHT), tuple(self.size), self.mirrored)
        if coords is not None:
            self.tex_coords = coords
