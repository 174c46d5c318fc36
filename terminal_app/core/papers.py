"""What a picture is, by its content and never by a name (clause 9.5.11). Pure.

Photos and drawings leave the terminal, pictures of Справочник come to it: a program, a script or an archive is none.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, UnidentifiedImageError

FORMATS = ("JPEG", "PNG")
PIXELS_MAX = 60_000_000  # as the office has it


def is_picture(content: bytes) -> bool:
    """A whole, readable JPEG or PNG."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > PIXELS_MAX:
                    return False
                picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return False
    return True
