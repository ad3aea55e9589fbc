"""Files as people send them, and as nobody should."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from secrets import token_hex
from zipfile import ZipFile

import boto3
from moto.server import ThreadedMotoServer
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from tests.serving import free_port

SECRET_NOTE = "佳能 5D 序列号 0042"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)
SCRIPT = b"<script>alert(document.cookie)</script>"
PNG_START = b"\x89PNG\r\n\x1a\n"


def photo(
    width: int = 320,
    height: int = 200,
    *,
    orientation: int = 1,
    turned: Image.Transpose | None = None,
    **options: object,
) -> bytes:
    """A JPEG as a phone takes it, red above and blue below, with the place and the camera in its notes.

    `turned` is how its pixels lie, `orientation` what the notes say of that.
    """
    notes = Image.Exif()
    notes[Base.Orientation] = orientation
    notes[Base.Make] = SECRET_NOTE
    notes.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (23.0, 7.0, 44.4)
    picture = _red_over_blue(width, height)
    picture = picture.transpose(turned) if turned is not None else picture
    return saved(picture, "JPEG", exif=notes, comment=SECRET_NOTE.encode(), **options)


def drawing(width: int = 320, height: int = 200, *, mode: str = "RGB", **options: object) -> bytes:
    """A PNG of the same."""
    return saved(_red_over_blue(width, height).convert(mode), "PNG", **options)


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """A picture as a file."""
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def moving() -> bytes:
    """A PNG that shows two pictures in turn."""
    first, second = (Image.new("RGB", (20, 20), colour) for colour in ("red", "blue"))
    return saved(first, save_all=True, append_images=[second])


def png_of_size(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG that says it has a size, whatever it holds."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return PNG_START + b"".join(_chunk(kind, content) for kind, content in chunks)


def with_chunk(png: bytes, kind: bytes, content: bytes) -> bytes:
    """A PNG with one chunk more behind its header."""
    behind_header = len(PNG_START) + 25
    return png[:behind_header] + _chunk(kind, content) + png[behind_header:]


def archive() -> bytes:
    """A ZIP file."""
    file = BytesIO()
    with ZipFile(file, "w") as opened:
        opened.writestr("evil.class", b"\xca\xfe\xba\xbe")
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    """A picture, decoded."""
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def is_red_above(picture: Image.Image) -> bool:
    """Whether a picture stands as it was taken."""
    red, _, blue = picture.convert("RGB").resize((1, 8)).getpixel((0, 0))  # pyright: ignore[reportGeneralTypeIssues]
    return red > 200 and blue < 60


@contextmanager
def bucket() -> Iterator[dict[str, str]]:
    """An S3 service on this machine with an empty bucket, as the settings of an installation that uses it."""
    port, name = free_port(), f"union-files-{token_hex(4)}"
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    keys = {"access_key": "an-access-key", "secret_key": "a-secret-key"}
    url = f"http://127.0.0.1:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=keys["access_key"],
        aws_secret_access_key=keys["secret_key"],
    )
    client.create_bucket(Bucket=name)
    configured = {"files_url": f"s3://{name}/some/prefix", "files_endpoint_url": url, "files_region": "us-east-1"}
    configured |= {f"files_{name}": value for name, value in keys.items()}
    try:
        yield configured
    finally:
        server.stop()


def _red_over_blue(width: int, height: int) -> Image.Image:
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width, height // 2))
    return picture


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
