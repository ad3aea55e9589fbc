import re

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from gdftu_app.integrations.entry_codes import qr_code_of

ADDRESS = "https://console.example.org/m/verify?k=a1B2c3D4"


class TestQrCodeOf:
    def test_it_draws_the_modules_of_the_address(self):
        expected = QRCode(error_correction=ERROR_CORRECT_M)
        expected.add_data(ADDRESS)
        matrix = enumerate(expected.get_matrix())

        drawing = qr_code_of(ADDRESS).content.decode()

        drawn = {(int(x), int(y)) for x, y in re.findall(r"M(\d+),(\d+)H", drawing)}
        assert drawn == {(x, y) for y, row in matrix for x, is_dark in enumerate(row) if is_dark}

    def test_it_is_a_drawing_on_white_with_a_margin_of_four_modules(self):
        code = qr_code_of(ADDRESS)

        assert (code.media_type, code.is_mini_program) == ("image/svg+xml", False)
        assert b'<rect fill="white" x="0" y="0" width="100%" height="100%"' in code.content
        assert b"M4,4H" in code.content
