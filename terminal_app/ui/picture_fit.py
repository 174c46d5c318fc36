"""Which part of a texture fills a place without stretching. Pure arithmetic."""

from __future__ import annotations

Size = tuple[float, float]


def covering(picture: Size, texture: Size, place: Size, mirrored: bool) -> list[float] | None:
    """Texture coordinates (bottom left, bottom right, top right, top left) of the middle of `picture`, in the shape of
    `place`; rows of the picture run from the top. None when there is nothing to show or nowhere to show it.
    """
    if min(*picture, *place) <= 0:
        return None
    shape = place[0] / place[1]
    width = min(picture[0], picture[1] * shape)
    height = min(picture[1], picture[0] / shape)
    # Half a texel inside, so that the unused rest of the texture never shines through at the edge.
    left = ((picture[0] - width) / 2 + 0.5) / texture[0]
    right = ((picture[0] + width) / 2 - 0.5) / texture[0]
    top = ((picture[1] - height) / 2 + 0.5) / texture[1]
    bottom = ((picture[1] + height) / 2 - 0.5) / texture[1]
    if mirrored:
        left, right = right, left
    return [left, bottom, right, bottom, right, top, left, top]
