"""Makes a photograph safe to keep: its type by content, drawn anew, without position or device data."""

import hashlib
import io
import warnings
from dataclasses import dataclass

import puremagic
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from portal.ui.errors import Refused

FIELD = "photos"
TYPES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2560  # pixels
THUMBNAIL_SIDE = 480  # pixels
MOST = 6  # photographs in one entry


@dataclass(frozen=True)
class Picture:
    """A photograph drawn anew as JPEG, and a small one of it."""

    image: ContentFile
    thumbnail: ContentFile
    width: int
    height: int
    digest: str


def _refused(message: str) -> Refused:
    return Refused(message, field=FIELD, code="bad_photo")


def check_size(size: int) -> None:
    """Raises Refused for more bytes than a photograph may have."""
    if size > settings.UPLOAD_LIMIT_PHOTO:
        raise _refused(f"A photograph may have {settings.UPLOAD_LIMIT_PHOTO // 1024 // 1024} MB at most.")


def redraw(data: bytes) -> Picture:
    """Raises Refused when the content is not a photograph, or is too large (15 MB, 50 million pixels)."""
    check_size(len(data))
    drawn = _drawn(data, _type(data))
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image = _jpeg(drawn, quality=85)
    small = drawn.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Picture(
        image=ContentFile(image, name="photo.jpg"),
        thumbnail=ContentFile(_jpeg(small, quality=80), name="photo.jpg"),
        width=drawn.width,
        height=drawn.height,
        digest=hashlib.sha256(image).hexdigest(),
    )


def _type(data: bytes) -> str:
    """The Pillow format of the content, whatever the file's name says."""
    try:
        found = {match.mime_type for match in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        found = set()
    for mime, name in TYPES.items():
        if mime in found:
            return name
    raise _refused("This file is not a JPEG, PNG or WebP photograph.")


def _drawn(data: bytes, format_name: str) -> Image.Image:
    """The pixels alone, upright, in RGB: nothing else of the file survives."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[format_name]) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise _refused("A photograph may have 50 million pixels at most.")
                upright = ImageOps.exif_transpose(opened)
                pixels = upright.convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Warning):
        raise _refused("This photograph is damaged or incomplete: take or export it again.") from None
    clean = Image.new("RGB", pixels.size)
    clean.paste(pixels)
    return clean


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
