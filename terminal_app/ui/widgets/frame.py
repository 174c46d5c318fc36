"""The striped frame around the whole glass while a technician practises: a pattern, for who does not see its colour."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.graphics.texture import Texture

from terminal_app.ui import theme

_TILE = 32  # pixels of the pattern's square


def striped_frame(width: float, height: float) -> InstructionGroup:
    """Lies over everything, windows too; screens leave it its place (`theme.frame_px`)."""
    texture, edge = _stripes(), theme.frame_px()
    group = InstructionGroup()
    group.add(Color(1, 1, 1, 1))
    for x, y, w, h in (
        (0, 0, width, edge),
        (0, height - edge, width, edge),
        (0, 0, edge, height),
        (width - edge, 0, edge, height),
    ):
        across, up = w / _TILE, h / _TILE
        left, low = x / _TILE, y / _TILE
        corners = (left, low, left + across, low, left + across, low + up, left, low + up)
        group.add(Rectangle(texture=texture, pos=(x, y), size=(w, h), tex_coords=corners))
    return group


def _stripes() -> Texture:
    fill, ink = (bytes(round(255 * part) for part in colour) for colour in (theme.TRAINING_FILL, theme.TRAINING_INK))
    texture = Texture.create(size=(_TILE, _TILE), colorfmt="rgba")
    texture.wrap = "repeat"
    pixels = b"".join(fill if (x + y) % _TILE < _TILE // 2 else ink for y in range(_TILE) for x in range(_TILE))
    texture.blit_buffer(pixels, colorfmt="rgba", bufferfmt="ubyte")
    return texture
