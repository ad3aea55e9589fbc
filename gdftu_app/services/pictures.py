"""Pictures (图片) drawn anew: only what can be seen of them is kept, and what that costs is known beforehand."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.files import LARGEST_FILE_BYTES, FileType
from gdftu_app.services.picture_outlines import Outline, jpeg_outline, png_outline

LONGEST_SIDE, MOST_PIXELS = 12_000, 40_000_000
# More than any scanner or phone is read from; what is kept need not hold more.
KEPT_PIXELS = 16_000_000
THUMBNAIL_SIDE = 480
# Ordinary progressive files have about ten; each goes over the whole picture.
MOST_PASSES = 32
QUALITIES = (88, 75, 60)
_OUTLINES: dict[FileType, Callable[[bytes], Outline]] = {FileType.JPEG: jpeg_outline, FileType.PNG: png_outline}
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class UnusablePicture(InvalidInput):
    """A picture that is not taken as it is."""

    code = "unusable_file"
    default = msg("图片不完整或已损坏，请重新拍照或导出后再上传。")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture without metadata, upright, and a small JPEG of it; sides in pixels."""

    content: bytes
    file_type: FileType
    width: int
    height: int
    thumbnail: bytes


def redraw(content: bytes, file_type: FileType) -> Picture:
    """Decode a JPEG or PNG file and encode it anew: upright, without metadata, at most 16 million pixels.

    Takes up to some seconds and 300 MB; call it in no transaction.

    Raises:
        UnusablePicture: too many pixels, animated, cut short, broken, or with something besides the picture in it.
    """
    outline = _OUTLINES[file_type](content)
    _check_size(outline.width, outline.height)
    if outline.is_animated:
        raise UnusablePicture(msg("不能上传动图，请换成静态图片。"), field="file")
    if not outline.end or outline.passes > MOST_PASSES:
        raise UnusablePicture(field="file")
    if file_type is FileType.PNG and content[outline.end :].strip(b"\0\r\n"):
        raise carries_more()
    image = _decoded(content, file_type)
    kept, kept_type = _encoded(image, file_type)
    width, height = image.size
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=3.0)
    return Picture(kept, kept_type, width, height, _jpeg(image, QUALITIES[0]))


def carries_more() -> UnusablePicture:
    """The refusal of a file that is two things at once."""
    return UnusablePicture(msg("文件中夹带了其他内容，请重新拍照或导出后再上传。"), field="file")


def _check_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise UnusablePicture(field="file")
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise UnusablePicture(
            msg("图片为 {width} × {height} 像素，过大。每边最多 {side} 像素，总共最多 {most} 万像素，请缩小后再上传。"),
            field="file",
            width=width,
            height=height,
            side=LONGEST_SIDE,
            most=MOST_PIXELS // 10_000,
        )


def _decoded(content: bytes, file_type: FileType) -> Image.Image:
    try:
        with Image.open(BytesIO(content), formats=[file_type.name]) as opened:
            _check_size(*opened.size)
            turn = _TURNS.get(_orientation(opened))
            image = _plain(opened)
            _reduce(image)
    except UnusablePicture:
        raise
    except Exception:  # a decoder fails in any way on what was made to break it
        raise UnusablePicture(field="file") from None
    image = image.transpose(turn) if turn is not None else image
    image.info.clear()
    return image


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # whatever is wrong with its notes, the picture may be right
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """The picture in one of the modes that are both scaled and saved well."""
    if image.mode in ("L", "LA", "RGB", "RGBA"):
        return image
    if image.mode == "I;16":
        return Image.frombytes("L", image.size, image.tobytes()[1::2])
    return image.convert("RGBA" if "transparency" in image.info else "L" if image.mode == "1" else "RGB")


def _reduce(image: Image.Image) -> None:
    share = math.sqrt(KEPT_PIXELS / (image.width * image.height))
    if share < 1:
        image.thumbnail((image.width * share, image.height * share), reducing_gap=3.0)
    image.load()


def _encoded(image: Image.Image, file_type: FileType) -> tuple[bytes, FileType]:
    """The file of a picture; what would be too large as PNG, or in the best quality, is kept as a plainer JPEG."""
    if file_type is FileType.PNG:
        png = _saved(image, "PNG")
        if len(png) <= LARGEST_FILE_BYTES:
            return png, FileType.PNG
    jpeg = b""
    for quality in QUALITIES:
        jpeg = _jpeg(image, quality)
        if len(jpeg) <= LARGEST_FILE_BYTES:
            break
    return jpeg, FileType.JPEG


def _jpeg(image: Image.Image, quality: int) -> bytes:
    if image.mode in ("LA", "RGBA"):
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    return _saved(image, "JPEG", quality=quality)


def _saved(image: Image.Image, name: str, **options: int) -> bytes:
    file = BytesIO()
    image.save(file, name, **options)
    return file.getvalue()
