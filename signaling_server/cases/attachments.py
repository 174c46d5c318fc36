"""What papers may be: a picture by its content, whatever it is called (clause 9.5.11). Pure.

A terminal's camera makes JPEG and PNG; nothing else is taken, so a program, a script or an archive never gets in.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, UnidentifiedImageError

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png"}
PIXELS_MAX = 60_000_000  # a larger picture would only fill the memory
JPEG_QUALITY = 90


class AttachmentError(ValueError):
    """The bytes are no picture that is taken."""


def media_type_of(content: bytes) -> str:
    """The media type of a whole, readable picture. Raises AttachmentError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(FORMATS)) as picture:
                if picture.width * picture.height > PIXELS_MAX:
                    raise AttachmentError("the picture is too large")
                media_type = FORMATS[str(picture.format)]
                picture.load()
    except AttachmentError:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise AttachmentError("it is no whole JPEG or PNG") from error
    except Image.DecompressionBombError as error:
        raise AttachmentError("the picture is too large") from error
    return media_type


def as_jpeg(content: bytes) -> bytes:
    """The picture drawn anew: nothing of the file that came is left but what is seen. Raises AttachmentError."""
    media_type_of(content)
    with Image.open(io.BytesIO(content), formats=list(FORMATS)) as picture:
        bare = Image.new("RGB", picture.size)
        bare.paste(picture.convert("RGB"))
    drawn = io.BytesIO()
    bare.save(drawn, "JPEG", quality=JPEG_QUALITY)
    return drawn.getvalue()
