"""Outlines of JPEG and PNG files, read without decoding: how large they say they are, and where they really end."""

import re
from dataclasses import dataclass

JPEG_START, PNG_START = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_START_OF_SCAN, _END_OF_IMAGE, _STANDALONE = 0xDA, 0xD9, (0x01, 0xD8)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_CHUNK_FRAME = 12


@dataclass(slots=True)
class Outline:
    """`end` is the first byte after the picture, 0 when the file stops before; `passes` are scans to decode."""

    width: int = 0
    height: int = 0
    end: int = 0
    passes: int = 0
    is_animated: bool = False


def jpeg_outline(content: bytes) -> Outline:
    """Follow the markers of a JPEG file (ITU T.81, B.1) up to the end of its first picture.

    Phones put more behind it: a second picture, a film, notes of their own.
    """
    outline, position = Outline(), len(JPEG_START) - 1
    while found := _MARKER.search(content, position):
        marker, position = content[found.end() - 1], found.end()
        if marker == _END_OF_IMAGE:
            outline.end = position
            break
        if marker in _STANDALONE:
            continue
        if marker in _FRAMES and not outline.width:
            outline.height = int.from_bytes(content[position + 3 : position + 5])
            outline.width = int.from_bytes(content[position + 5 : position + 7])
        outline.passes += marker == _START_OF_SCAN
        position += int.from_bytes(content[position : position + 2])
    return outline


def png_outline(content: bytes) -> Outline:
    """Follow the chunks of a PNG file (ISO 15948, 5.3)."""
    outline, position = Outline(passes=1), len(PNG_START)
    while position + _CHUNK_FRAME <= len(content):
        kind = content[position + 4 : position + 8]
        if kind == b"IHDR":
            outline.width = int.from_bytes(content[position + 8 : position + 12])
            outline.height = int.from_bytes(content[position + 12 : position + 16])
        outline.is_animated |= kind == b"acTL"
        position += _CHUNK_FRAME + int.from_bytes(content[position : position + 4])
        if kind == b"IEND":
            outline.end = position if position <= len(content) else 0
            break
    return outline
