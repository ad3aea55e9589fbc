"""Entry codes (入口码): pictures that a phone's camera follows to a page; here the QR code of an address."""

from dataclasses import dataclass, field
from io import BytesIO

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathFillImage

SVG = "image/svg+xml"
# The clear margin around a QR code, in modules (ISO/IEC 18004).
QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class EntryCode:
    """A picture: an SVG with a QR code, or the JPEG or PNG of a mini-program code."""

    media_type: str
    content: bytes = field(repr=False)
    is_mini_program: bool = False


def qr_code_of(address: str) -> EntryCode:
    """The QR code of an address, black on white in any theme; it scales without loss."""
    drawn: QRCode[SvgPathFillImage] = QRCode(
        error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, image_factory=SvgPathFillImage
    )
    drawn.add_data(address)
    written = BytesIO()
    drawn.make_image().save(written)
    return EntryCode(SVG, written.getvalue())
