"""Examining uploaded files (附件检查): what a file is, is told by its content, never by what it is called."""

import re
import struct
import unicodedata
from dataclasses import dataclass
from typing import Literal

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.files import LARGEST_FILE_BYTES, FileType
from gdftu_app.services.picture_outlines import JPEG_START, PNG_START
from gdftu_app.services.pictures import carries_more, redraw

LONGEST_STEM, _UNNAMED = 80, msg("附件")
ENDINGS: dict[FileType, str] = {FileType.JPEG: ".jpg", FileType.PNG: ".png", FileType.PDF: ".pdf"}
_STARTS: tuple[tuple[bytes, FileType], ...] = (
    (JPEG_START, FileType.JPEG),
    (PNG_START, FileType.PNG),
    (b"%PDF-1.", FileType.PDF),
    (b"%PDF-2.", FileType.PDF),
)
_PDF_END, _PDF_TAIL = b"%%EOF", 1024
_PAGE = re.compile(rb"<script|<!doctype html|<html[\s>]", re.IGNORECASE)
_ZIP_END, _ZIP_END_SIZE, _LONGEST_ZIP_COMMENT = b"PK\x05\x06", 22, 65_535


class TooLarge(InvalidInput):
    """More bytes than are taken."""

    code = "too_large"
    default = msg("文件超过 {limit} MB，请压缩或换一个后再上传。")


class UnknownType(InvalidInput):
    """Neither a picture nor a PDF, whatever its name says."""

    code = "unknown_type"
    default = msg("只能上传 JPG、PNG 图片或 PDF 文件，这个文件的内容不是。")


class UnusablePdf(InvalidInput):
    """A PDF that is not taken as it is."""

    code = "unusable_file"
    default = msg("PDF 文件不完整或已损坏，请重新导出后再上传。")


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """A file fit to be kept; `name` has the ending of its type, sides are in pixels, a PDF has neither thumbnail."""

    name: str
    file_type: FileType
    content: bytes
    thumbnail: bytes | None = None
    width: int | None = None
    height: int | None = None


def too_large(*, field: Literal["file"] = "file") -> TooLarge:
    """The refusal of a file that need not even be read."""
    return TooLarge(field=field, limit=LARGEST_FILE_BYTES // 1024**2)


def examine(name: str, content: bytes) -> ExaminedFile:
    """Look at a file and make of it what is kept: pictures drawn anew, a PDF as it is.

    Takes up to some seconds of a processor; call it in no transaction.

    Raises:
        TooLarge: more than 5 MB.
        UnknownType: not JPEG, PNG or PDF by its content.
        UnusablePicture, UnusablePdf: broken, cut short, too many pixels, or two things at once.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise too_large()
    file_type = next((found for start, found in _STARTS if content.startswith(start)), None)
    if file_type is None:
        raise UnknownType(field="file")
    if _is_zip(content):
        raise carries_more()
    if file_type is FileType.PDF:
        _check_pdf(content)
        return ExaminedFile(tidy_name(name, file_type), file_type, content)
    if _PAGE.search(content) or b"%PDF-" in content[:_PDF_TAIL]:
        raise carries_more()
    picture = redraw(content, file_type)
    return ExaminedFile(
        tidy_name(name, picture.file_type),
        picture.file_type,
        picture.content,
        picture.thumbnail,
        picture.width,
        picture.height,
    )


def tidy_name(name: str, file_type: FileType) -> str:
    """A file's own name without folders and invisible characters, with the ending of what it really is.

    >>> tidy_name("C:/扫描/../营业执照.png.exe", FileType.JPEG)
    '营业执照.png.jpg'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(" " if character.isspace() else character for character in last if _is_visible(character))
    stem, dot, ending = visible.rpartition(".")
    stem = stem if dot and len(ending) <= len(".jpeg") else visible
    tidy = " ".join(stem.split()).strip(". ")[:LONGEST_STEM].rstrip(". ")
    return f"{tidy or _UNNAMED}{ENDINGS[file_type]}"


def _is_visible(character: str) -> bool:
    # Controls, marks that turn the direction of writing, lone surrogates, private characters; and what systems forbid.
    return (character.isspace() or not unicodedata.category(character).startswith("C")) and character not in '<>:"|?*'


def _check_pdf(content: bytes) -> None:
    """A whole PDF ends with its mark (ISO 32000, 7.5.5); readers look for it in the last kilobyte."""
    end = content.rfind(_PDF_END, max(0, len(content) - _PDF_TAIL))
    if end < 0 or content.rfind(b"startxref", 0, end) < 0:
        raise UnusablePdf(field="file")
    if content[end + len(_PDF_END) :].strip(b"\0\t\r\n\x0c\x1a "):
        raise carries_more()


def _is_zip(content: bytes) -> bool:
    """Whether the file ends as an archive does (and with it as an office document or a program for Java)."""
    position = content.rfind(_ZIP_END, max(0, len(content) - _ZIP_END_SIZE - _LONGEST_ZIP_COMMENT))
    if position < 0 or position + _ZIP_END_SIZE > len(content):
        return False
    (comment,) = struct.unpack_from("<H", content, position + _ZIP_END_SIZE - 2)
    return position + _ZIP_END_SIZE + comment == len(content)
