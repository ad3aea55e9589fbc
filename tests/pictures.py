"""Reading the pictures that phones are pointed at."""

import re

from zxingcpp import BarcodeFormat, BarcodeFormats, read_barcodes

QR_CODES = BarcodeFormats(BarcodeFormat.QRCode)
PIXELS_OF_A_MODULE = 4


def address_in_drawing(svg: bytes) -> str:
    """The address in the QR code of an SVG, drawn as pixels and read as a camera would."""
    drawing = svg.decode()
    side = re.search(r'viewBox="0 0 (\d+) \1"', drawing)
    assert side is not None
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+),(\d+)H", drawing)}
    width = int(side[1]) * PIXELS_OF_A_MODULE
    places = [place // PIXELS_OF_A_MODULE for place in range(width)]
    pixels = bytes(0 if (x, y) in dark else 255 for y in places for x in places)
    return address_in_pixels(pixels, width, width)


def address_in_pixels(brightness: bytes, width: int, height: int) -> str:
    """The address in the one QR code of a grey picture (a byte a pixel, row by row)."""
    [found] = read_barcodes(memoryview(brightness).cast("B", (height, width)), formats=QR_CODES)
    return found.text
