"""What uploaded files are, whatever they are called, and what is kept of them."""

import time
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from PIL import Image

from gdftu_app.errors import InvalidInput
from gdftu_app.models.files import LARGEST_FILE_BYTES, FileType
from gdftu_app.services.file_examination import TooLarge, UnknownType, UnusablePdf, examine, tidy_name
from gdftu_app.services.picture_outlines import jpeg_outline, png_outline
from gdftu_app.services.pictures import LONGEST_SIDE, UnusablePicture
from tests.attachments import (
    PDF,
    PNG_START,
    SCRIPT,
    SECRET_NOTE,
    archive,
    drawing,
    is_red_above,
    moving,
    opened,
    photo,
    png_of_size,
    saved,
    with_chunk,
)

BROKEN, CARRIES_MORE = (
    "图片不完整或已损坏，请重新拍照或导出后再上传。",
    "文件中夹带了其他内容，请重新拍照或导出后再上传。",
)


def refusal_of(content: bytes, name: str = "营业执照.png") -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        examine(name, content)
    assert caught.value.field == "file"
    return caught.value


class TestTypes:
    @pytest.mark.parametrize(
        ("content", "file_type"),
        [(photo(), FileType.JPEG), (drawing(), FileType.PNG), (PDF, FileType.PDF)],
        ids=["photo", "drawing", "pdf"],
    )
    def test_are_told_by_the_content_and_not_by_the_name(self, content: bytes, file_type: FileType):
        for name in ("a.jpg", "a.png", "a.pdf", "a.exe", ""):
            assert examine(name, content).file_type is file_type

    @pytest.mark.parametrize(
        "content",
        [
            SCRIPT,
            b"#!/bin/sh\nrm -rf /",
            b"MZ\x90\x00",
            b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
            b"RIFF\x00\x00\x00\x00WEBPVP8 ",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
            b"BM\x00\x00",
            b"II*\x00",
            b"%!PS-Adobe-3.0",
            b" " + PDF,
            b"\n" + drawing(),
            b"\0\0\0\x18ftypheic",
            archive(),
        ],
    )
    def test_of_anything_else_are_refused_whatever_it_is_called(self, content: bytes):
        assert isinstance(refusal_of(content, "营业执照.jpg"), UnknownType)

    def test_more_than_five_megabytes_are_refused(self):
        refusal = refusal_of(b"\xff\xd8\xff" + b"\0" * (LARGEST_FILE_BYTES - 2))

        assert isinstance(refusal, TooLarge)
        assert refusal.text("zh-CN") == "文件超过 5 MB，请压缩或换一个后再上传。"


class TestPictures:
    def test_lose_their_notes(self):
        content = photo()
        assert SECRET_NOTE.encode() in content

        kept = examine("照片.jpg", content)

        for left in (kept.content, kept.thumbnail or b""):
            picture = opened(left)
            assert not picture.getexif()
            assert not set(picture.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
            assert SECRET_NOTE.encode() not in left
            assert b"Exif" not in left

    def test_in_png_lose_them_as_well(self):
        noted = with_chunk(with_chunk(drawing(), b"tEXt", b"Author\0Nobody"), b"eXIf", b"MM\0*\0\0\0\x08\0\0\0\0\0\0")

        kept = examine("扫描.png", noted)

        assert b"Nobody" in noted
        assert opened(kept.content).info == {}

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_are_set_upright(self, orientation: int):
        stored_lying = orientation >= 5
        turned = {
            1: None,
            2: Image.Transpose.FLIP_LEFT_RIGHT,
            3: Image.Transpose.ROTATE_180,
            4: Image.Transpose.FLIP_TOP_BOTTOM,
            5: Image.Transpose.TRANSPOSE,
            6: Image.Transpose.ROTATE_90,
            7: Image.Transpose.TRANSVERSE,
            8: Image.Transpose.ROTATE_270,
        }[orientation]
        content = photo(320, 200, orientation=orientation, turned=turned)
        assert opened(content).size == ((200, 320) if stored_lying else (320, 200))

        kept = examine("照片.jpg", content)

        assert (kept.width, kept.height) == (320, 200) == opened(kept.content).size
        assert is_red_above(opened(kept.content))
        assert is_red_above(opened(kept.thumbnail or b""))

    @pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
    def test_with_notes_that_make_no_sense_are_taken_as_they_lie(self):
        noted = with_chunk(drawing(), b"eXIf", b"II*\0\xff\xff\xff\xff" + b"\xfe" * 40)

        assert opened(examine("扫描.png", noted).content).size == (320, 200)

    @pytest.mark.parametrize(
        ("size", "small"), [((3000, 2000), (480, 320)), ((1000, 4000), (120, 480)), ((90, 60), (90, 60))]
    )
    def test_get_a_small_one(self, size: tuple[int, int], small: tuple[int, int]):
        kept = examine("照片.jpg", photo(*size))

        assert opened(kept.content).size == size
        assert opened(kept.thumbnail or b"").size == small
        assert opened(kept.thumbnail or b"").format == "JPEG"

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
    def test_of_every_mode_are_kept_as_they_look(self, mode: str):
        before = drawing(mode=mode)

        kept = examine("图.png", before)

        looks = [opened(content).convert("RGB").resize((4, 4)).tobytes() for content in (before, kept.content)]
        assert looks[0] == looks[1]
        assert kept.file_type is FileType.PNG

    def test_of_sixteen_bits_are_not_burnt_out(self):
        kept = examine("扫描.png", saved(Image.new("I;16", (40, 40), 0x8000)))

        assert opened(kept.content).getpixel((5, 5)) == 0x80

    def test_for_the_press_are_kept_in_colours_of_screens(self):
        cmyk = saved(Image.new("RGB", (40, 40), "red").convert("CMYK"), "JPEG")

        assert opened(examine("印刷.jpg", cmyk).content).mode == "RGB"

    def test_from_phones_that_put_a_second_one_behind_are_taken(self):
        second = photo(64, 64)

        kept = examine("照片.jpg", photo() + second + b"SEFT" * 20)

        assert len(kept.content) < len(photo()) + len(second)
        assert opened(kept.content).size == (320, 200)

    def test_of_forty_million_pixels_are_taken_and_kept_smaller(self):
        started = time.perf_counter()

        kept = examine("扫描.png", saved(Image.new("L", (8000, 5000), 200)))

        width, height = opened(kept.content).size
        assert (width, height) == (kept.width, kept.height)
        assert 15_900_000 < width * height <= 16_000_000
        assert time.perf_counter() - started < 20

    def test_that_would_grow_too_large_as_png_become_jpeg(self):
        grain = Image.effect_noise((5600, 5600), 120).point([0] * 191 + [255] * 65).convert("1", dither=None)
        content = saved(grain)
        assert len(content) < LARGEST_FILE_BYTES

        kept = examine("扫描.png", content)

        assert (kept.file_type, kept.name) == (FileType.JPEG, "扫描.jpg")
        assert len(kept.content) < 2 * LARGEST_FILE_BYTES


class TestPicturesThatAreNotTaken:
    @pytest.mark.parametrize(
        "size", [(30_000, 20), (20, 30_000), (LONGEST_SIDE + 1, 1), (6400, 6400), (2**31 - 1, 2**31 - 1)]
    )
    def test_with_too_many_pixels_are_refused_before_they_are_decoded(self, size: tuple[int, int]):
        tracemalloc.start()

        refusal = refusal_of(png_of_size(*size))

        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert f"{size[0]} × {size[1]} 像素，过大" in refusal.text("zh-CN")
        assert peak < 2_000_000

    def test_a_real_one_of_thirty_thousand_pixels_is_refused(self):
        assert "30000 × 20 像素，过大" in refusal_of(drawing(30_000, 20)).text("zh-CN")

    def test_a_jpeg_that_says_it_is_huge_is_refused(self):
        content = bytearray(photo())
        at = content.index(b"\xff\xc0") + 5
        content[at : at + 4] = b"\xff\xff\xff\xff"

        assert "65535 × 65535" in refusal_of(bytes(content)).text("zh-CN")

    def test_a_bomb_costs_no_more_than_the_picture_it_says_it_is(self):
        bomb = png_of_size(100, 100, bytes(100_000_000))
        assert len(bomb) < 1_000_000
        started = time.perf_counter()

        kept = examine("炸弹.png", bomb)

        assert (kept.width, kept.height) == (100, 100)
        assert len(kept.content) < 10_000
        assert time.perf_counter() - started < 2

    @pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
    def test_a_bomb_in_its_notes_does_not_go_off(self, kind: bytes):
        bomb = with_chunk(drawing(), kind, b"Bomb\0\0" + zlib.compress(bytes(100_000_000), 9))
        tracemalloc.start()

        try:
            kept = examine("炸弹.png", bomb).content
        except UnusablePicture:
            kept = b""

        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(kept) < 10_000
        assert peak < 20_000_000

    def test_that_would_be_gone_over_without_end_are_refused(self):
        content = photo(progressive=True)
        last_scan = content[content.rindex(b"\xff\xda") : -2]

        refusal = refusal_of(content[:-2] + last_scan * 1000 + content[-2:])

        assert refusal.text("zh-CN") == BROKEN

    @pytest.mark.parametrize("share", [0.1, 0.4, 0.7, 0.99])
    @pytest.mark.parametrize(
        "content", [photo(), drawing(), photo(progressive=True)], ids=["photo", "png", "progressive"]
    )
    def test_that_were_cut_short_are_refused(self, content: bytes, share: float):
        assert isinstance(refusal_of(content[: int(len(content) * share)]), UnusablePicture)

    def test_that_move_are_refused(self):
        assert refusal_of(moving()).text("zh-CN") == "不能上传动图，请换成静态图片。"

    @pytest.mark.parametrize(
        "content",
        [
            drawing() + archive(),
            photo() + archive(),
            drawing() + SCRIPT,
            photo() + SCRIPT,
            drawing() + PDF,
            drawing() + b"more",
            with_chunk(drawing(), b"tEXt", b"Comment\0<HTML><body onload=x>"),
            photo()[:2] + b"\xff\xfe\x00\x0c%PDF-1.4\n " + photo()[2:],
            PDF + archive(),
            PDF + SCRIPT,
        ],
    )
    def test_that_are_two_things_at_once_are_refused(self, content: bytes):
        assert refusal_of(content).text("zh-CN") == CARRIES_MORE

    @pytest.mark.parametrize(
        "content",
        [
            b"\xff\xd8\xff",
            b"\xff\xd8\xff\xd9",
            b"\xff\xd8\xff\xda\x00\x02\xff\xd9",
            PNG_START,
            PNG_START + b"\0" * 40,
            png_of_size(0, 10),
            png_of_size(100, 100, b"short"),
            b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x00\x00\x10\x01\x01\x11\x00\xff\xd9",
            drawing().replace(b"IDAT", b"IDAX"),
        ],
    )
    def test_that_are_none_are_refused(self, content: bytes):
        assert refusal_of(content).text("zh-CN") == BROKEN

    @pytest.mark.filterwarnings("ignore:Corrupt EXIF data", "ignore:Tag data larger")
    def test_whatever_bytes_are_spoilt_the_answer_is_a_picture_or_a_refusal(self):
        for content in (photo(60, 40), drawing(60, 40, mode="P"), photo(60, 40, progressive=True)):
            for position in range(3, len(content), 7):
                spoilt = bytearray(content)
                spoilt[position] ^= 0xFF
                with suppress(InvalidInput):
                    assert opened(examine("坏.png", bytes(spoilt)).content).width > 0


class TestPdf:
    def test_is_kept_as_it_is(self):
        kept = examine("登记证.PDF", PDF)

        assert (kept.content, kept.thumbnail, kept.name) == (PDF, None, "登记证.pdf")

    @pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\0\0", b" \n\x1a"])
    def test_may_end_as_programs_end_files(self, end: bytes):
        assert examine("a.pdf", PDF.rstrip() + end).file_type is FileType.PDF

    @pytest.mark.parametrize(
        "content", [b"%PDF-1.7\n", PDF[:-8], PDF.replace(b"startxref", b""), PDF + b" " * 2000, b"%PDF-1.4\n%%EOF"]
    )
    def test_that_is_not_whole_is_refused(self, content: bytes):
        assert isinstance(refusal_of(content), UnusablePdf)


class TestNames:
    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("营业执照.jpg", "营业执照.png"),
            ("营业执照", "营业执照.png"),
            ("../../etc/passwd", "passwd.png"),
            ("C:\\Users\\me\\证.jpeg", "证.png"),
            ("a/b\\..", "附件.png"),
            (".htaccess", "htaccess.png"),
            ("", "附件.png"),
            ("...", "附件.png"),
            ("x.php%00.jpg", "x.php%00.png"),
            ("x\0y\r\nSet-Cookie: a.jpg", "xy Set-Cookie a.png"),
            ('"; filename="evil.html', "; filename=evil.png"),
            ("\u202egpj.exe", "gpj.png"),
            ("甲  乙\u3000丙.png", "甲 乙 丙.png"),
            ("e\u0301.png", "é.png"),
            ("长" * 300 + ".png", "长" * 80 + ".png"),
            ("\ud800.png", "附件.png"),
            ("v1.2 终稿.docx", "v1.2 终稿.png"),
        ],
    )
    def test_are_made_harmless_and_end_as_the_file_does(self, sent: str, kept: str):
        assert tidy_name(sent, FileType.PNG) == kept


class TestOutlines:
    def test_of_a_jpeg_gives_size_scans_and_end(self):
        for content, passes in ((photo(321, 123), 1), (photo(321, 123, progressive=True), 10)):
            outline = jpeg_outline(content + b"behind")

            assert (outline.width, outline.height, outline.end) == (321, 123, len(content))
            assert outline.passes == passes

    def test_of_a_png_gives_size_and_end(self):
        content = drawing(321, 123)

        outline = png_outline(content + b"behind")

        assert (outline.width, outline.height, outline.end, outline.is_animated) == (321, 123, len(content), False)
