import io
from typing import Any

import pytest
from PIL import Image

from operations.patrols import photos
from portal.ui.errors import Refused


def drawn(size: tuple[int, int] = (64, 48), format: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format, **options)
    return out.getvalue()


def with_position() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif[0x0112] = 6  # rotated a quarter
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (47.0, 39.0, 36.0)
    return drawn(exif=exif.tobytes(), comment=b"SecretPlace")


def test_position_and_device_are_gone() -> None:
    data = with_position()
    assert b"SecretPhone" in data
    picture = photos.redraw(data)
    for file in (picture.image, picture.thumbnail):
        content = file.read()
        assert b"Secret" not in content
        assert b"Exif" not in content
        with Image.open(io.BytesIO(content)) as image:
            assert not image.getexif()
            assert image.format == "JPEG"
    # Upright: the quarter turn was applied to the pixels before it was forgotten.
    assert (picture.width, picture.height) == (48, 64)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_kinds_of_photograph(format: str) -> None:
    assert photos.redraw(drawn(format=format)).width == 64


def test_large_ones_are_made_smaller() -> None:
    picture = photos.redraw(drawn((4000, 3000)))
    assert (picture.width, picture.height) == (2560, 1920)
    with Image.open(picture.thumbnail) as small:
        assert max(small.size) == 480


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"GIF89a" + b"\x00" * 50,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7 not a photograph",
        b"\xff\xd8\xff\xe0 cut off",
        drawn()[:200],
        drawn(format="PNG")[:60],
        drawn(format="GIF"),
        drawn(format="TIFF"),
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
    ],
)
def test_no_photograph(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        photos.redraw(data)
    assert refused.value.field == "photos"


def test_too_many_bytes(settings: Any) -> None:
    with pytest.raises(Refused, match="15 MB"):
        photos.redraw(b"\xff\xd8\xff" + b"\x00" * (settings.UPLOAD_LIMIT_PHOTO + 1))


def test_a_bomb_of_pixels() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 6000)).save(out, "PNG")
    with pytest.raises(Refused, match="50 million"):
        photos.redraw(out.getvalue())
