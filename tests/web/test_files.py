"""Private files over HTTP: sent and refused."""

import tempfile
from collections.abc import Iterator
from urllib.parse import quote

import anyio
import httpx
import pytest
from sqlmodel import select
from starlette.requests import Request

from gdftu_app.models.accounts import Account
from gdftu_app.models.files import LARGEST_FILE_BYTES, StoredFile
from gdftu_app.services.file_examination import TooLarge
from gdftu_app.web.uploads import LARGEST_FRAME_BYTES, NoFile, read_upload
from tests.attachments import (
    PDF,
    SCRIPT,
    archive,
    bucket,
    drawing,
    moving,
    opened,
    photo,
    png_of_size,
)
from tests.serving import Served, serve
from tests.web.conftest import APPLICANT, Send, cookie_set_by
from tests.web.world import World

BOUNDARY = "a-boundary"


@pytest.fixture(scope="module")
def elsewhere(world: World) -> Iterator[Served]:
    """The same application with its files in a bucket."""
    with bucket() as configured:
        env = {f"GDFTU_{name.upper()}": value for name, value in configured.items()}
        with serve(world.database_url, env=env) as running:
            yield running


@pytest.fixture(scope="module")
def narrow(world: World) -> Iterator[Served]:
    """The same application, with few uploads an hour and a store that takes nothing."""
    env = {"GDFTU_UPLOADS_PER_HOUR": "3", "GDFTU_FILES_URL": "/dev/null/files"}
    with serve(world.database_url, env=env) as running:
        yield running


def told(answer: httpx.Response) -> tuple[int, str, str]:
    error = answer.json()["error"]
    assert error.keys() == {"code", "message"}
    return answer.status_code, error["code"], error["message"]


def form(*parts: tuple[str, bytes], end: bytes = b"--\r\n") -> bytes:
    """A form spelled out: each part's disposition and content."""
    lines = [
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"
        for disposition, content in parts
    ]
    return b"".join(lines) + f"--{BOUNDARY}".encode() + end


class TestUpload:
    def test_keeps_the_file_and_says_its_key(self, send: Send, world: World):
        answer = send(photo())

        kept = answer.json()
        assert (answer.status_code, kept.keys()) == (201, {"key", "name", "content_type", "size"})
        assert (kept["name"], kept["content_type"], len(kept["key"])) == ("营业执照.jpg", "image/jpeg", 43)
        assert answer.headers["cache-control"] == "no-store"
        with world.open() as session:
            row = session.exec(select(StoredFile).where(StoredFile.key == kept["key"])).one()
        assert (row.account_id, row.size, row.subject) == (world.residents[APPLICANT].account_id, kept["size"], "")

    def test_twice_keeps_two(self, send: Send):
        keys = {send(photo()).json()["key"] for _ in range(2)}

        assert len(keys) == 2

    def test_of_five_megabytes_is_taken(self, send: Send):
        content = PDF[:9] + b"%" + b"x" * (LARGEST_FILE_BYTES - len(PDF) - 2) + b"\n" + PDF[9:]
        assert len(content) == LARGEST_FILE_BYTES

        answer = send(content, "大.pdf")

        assert (answer.status_code, answer.json()["size"]) == (201, LARGEST_FILE_BYTES)

    @pytest.mark.parametrize(
        "name", ["../../../etc/passwd", "..\\x\\y.jpg", 'a"; filename="b.html', "x\r\nX-Evil: 1", "\u202egpj.exe"]
    )
    def test_makes_the_name_harmless(self, name: str, send: Send, fetch: Send):
        kept = send(photo(), name).json()

        assert kept["name"].endswith(".jpg")
        assert not set(kept["name"]) & set('/\\"\r\n\u202e')
        answer = fetch(kept["key"])
        assert "x-evil" not in answer.headers
        assert answer.headers["content-disposition"] == f"inline; filename*=UTF-8''{quote(kept['name'], safe='')}"

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (SCRIPT, (415, "unknown_type", "只能上传 JPG、PNG 图片或 PDF 文件，这个文件的内容不是。")),
            (archive(), (415, "unknown_type", "只能上传 JPG、PNG 图片或 PDF 文件，这个文件的内容不是。")),
            (png_of_size(30_000, 30_000), (422, "unusable_file", "图片为 30000 × 30000 像素，过大。")),
            (photo()[:-200], (422, "unusable_file", "图片不完整或已损坏，请重新拍照或导出后再上传。")),
            (moving(), (422, "unusable_file", "不能上传动图，请换成静态图片。")),
            (drawing() + archive(), (422, "unusable_file", "文件中夹带了其他内容，请重新拍照或导出后再上传。")),
            (PDF[:-8], (422, "unusable_file", "PDF 文件不完整或已损坏，请重新导出后再上传。")),
            (b"", (422, "no_file", "没有收到文件，请重新选择。")),
        ],
    )
    def test_of_what_is_not_taken_says_why(self, content: bytes, expected: tuple[int, str, str], send: Send):
        status, code, message = told(send(content))

        assert (status, code) == expected[:2]
        assert message.startswith(expected[2])

    def test_of_a_bomb_keeps_the_little_picture_it_is(self, send: Send):
        answer = send(png_of_size(100, 100, bytes(50_000_000)))

        assert (answer.status_code, answer.json()["content_type"]) == (201, "image/png")
        assert answer.json()["size"] < 10_000

    def test_says_why_in_the_accounts_language(self, send: Send, world: World):
        with world.open() as session:
            session.get_one(Account, world.residents["auditor of the city"].account_id).language = "en"

        message = told(send(b"", by="auditor of the city"))[2]

        assert message.isascii()

    @pytest.mark.parametrize("cookie", ["", "v.1.2.3", f"s.{'e' * 43}"])
    def test_is_not_for_strangers(self, cookie: str, served: Served, client: httpx.Client, world: World):
        before = world.fingerprint()["files"]
        client.cookies.clear()

        answer = client.post(
            f"{served.url}/files", files={"file": photo()}, headers={"Cookie": f"gdftu_session={cookie}"}
        )

        assert told(answer) == (401, "signed_out", "登录已失效，请重新登录。")
        assert answer.headers["connection"] == "close"
        assert world.fingerprint()["files"] == before

    def test_is_not_for_visitors(self, served: Served, client: httpx.Client, world: World):
        cookie = {"Cookie": f"gdftu_session={world.visit()}"}

        assert client.post(f"{served.url}/files", files={"file": photo()}, headers=cookie).status_code == 401

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
    def test_from_another_site_is_refused(self, origin: str, send: Send, world: World):
        before = world.fingerprint()["files"]

        answer = send(photo(), Origin=origin)

        assert told(answer)[:2] == (403, "foreign_origin")
        assert answer.headers["connection"] == "close"
        assert world.fingerprint()["files"] == before

    def test_gives_nobody_a_cookie(self, send: Send):
        assert cookie_set_by(send(photo())) == ""


class TestSizes:
    def test_ten_megabytes_are_refused_by_what_they_say_they_are(self, send: Send):
        answer = send(photo().ljust(10_000_000, b"\0"))

        assert told(answer) == (413, "too_large", "文件超过 5 MB，请压缩或换一个后再上传。")
        assert answer.headers["connection"] == "close"

    def test_ten_megabytes_that_say_nothing_are_read_no_further_than_taken(self, served: Served, world: World):
        sent = 0

        def endless() -> Iterator[bytes]:
            nonlocal sent
            yield form(('name="file"; filename="a.jpg"', b""))[: -len(BOUNDARY) - 8]
            for _ in range(20_000):
                sent += 65_536
                yield bytes(65_536)

        headers = {"Cookie": f"gdftu_session={world.sign_in(APPLICANT)}"}
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        try:
            answer = httpx.post(f"{served.url}/files", content=endless(), headers=headers | kind)
        except httpx.TransportError:
            answer = None

        assert answer is None or told(answer)[:2] == (413, "too_large")
        assert sent < 20_000 * 65_536 / 4

    def test_a_file_a_little_too_large_is_refused(self, send: Send):
        content = b"%PDF-1.4" + b"x" * (LARGEST_FILE_BYTES - 7)

        assert told(send(content))[:2] == (413, "too_large")


class TestForms:
    @pytest.fixture
    def post(self, served: Served, world: World, client: httpx.Client) -> Send:
        def posted(content: bytes, kind: str = f"multipart/form-data; boundary={BOUNDARY}") -> httpx.Response:
            headers = {"Cookie": f"gdftu_session={world.sign_in('editor of the city')}", "Content-Type": kind}
            client.cookies.clear()
            return client.post(f"{served.url}/files", content=content, headers=headers)

        return posted

    def test_of_the_one_field_are_taken(self, post: Send):
        assert post(form(('name="file"; filename="a.jpg"', photo()))).status_code == 201

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"--",
            form(),
            form(('name="other"; filename="a.jpg"', photo())),
            form(('name="file"', b"text")),
            form(('name="file"; filename="a.jpg"', photo()), ('name="file"; filename="b.jpg"', photo())),
            form(('name="file"; filename="a.jpg"', photo()), ('name="x"', b"y")),
            form(('filename="a.jpg"', photo())),
            form(('name="file"; filename="a.jpg"', photo()), end=b"")[:-100],
        ],
    )
    def test_of_anything_else_are_not(self, content: bytes, post: Send):
        assert told(post(content)) == (422, "no_file", "没有收到文件，请重新选择。")

    @pytest.mark.parametrize(
        "kind",
        [
            "",
            "image/jpeg",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/form-data; boundary=",
        ],
    )
    def test_of_another_kind_are_not(self, kind: str, post: Send):
        assert told(post(form(('name="file"; filename="a.jpg"', photo())), kind))[:2] == (422, "no_file")

    def test_are_read_in_memory_alone(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
        content = bytes(LARGEST_FILE_BYTES)

        upload = _read(form(('name="file"; filename="a.bin"', content)))

        assert (upload.name, upload.content) == ("a.bin", content)

    def test_are_left_at_the_limit(self):
        body = form(('name="file"; filename="a.bin"', bytes(2 * LARGEST_FILE_BYTES)))
        taken: list[int] = []

        with pytest.raises(TooLarge):
            _read(body, taken)

        assert sum(taken) <= LARGEST_FILE_BYTES + LARGEST_FRAME_BYTES + 65_536

    def test_that_end_too_soon_hold_no_file(self):
        with pytest.raises(NoFile):
            _read(form(('name="file"; filename="a.jpg"', photo()))[:-200])


class TestInABucket:
    def test_files_are_kept_and_given_as_in_a_folder(self, elsewhere: Served, send: Send, fetch: Send):
        kept = send(photo(), to=elsewhere).json()

        assert len(fetch(kept["key"], to=elsewhere).content) == kept["size"]
        assert opened(fetch(kept["key"], to=elsewhere, query="?thumbnail=1").content).size == (320, 200)
        assert fetch(kept["key"], to=elsewhere, by="owner of the city").status_code == 404


class TestLimits:
    def test_a_store_that_takes_nothing_is_told_and_nothing_is_kept(self, narrow: Served, send: Send, world: World):
        before = world.fingerprint()["files"]

        answer = send(photo(), to=narrow, by="owner of the district")

        assert told(answer) == (503, "unavailable", "文件暂时不能保存，请稍后再试。")
        assert world.fingerprint()["files"] == before

    def test_uploads_are_so_many_an_hour_for_each_account(self, narrow: Served, send: Send):
        answers = [send(SCRIPT, to=narrow, by="owner of the factory") for _ in range(4)]

        assert [answer.status_code for answer in answers] == [415, 415, 415, 429]
        assert told(answers[-1])[1:] == ("too_many_requests", "操作太频繁，请稍后再试。")
        assert 0 < int(answers[-1].headers["retry-after"]) <= 3600
        assert send(SCRIPT, to=narrow, by="owner of the other city").status_code == 415


def test_nothing_of_all_this_was_a_failure_of_the_server(served: Served):
    assert "Traceback" not in served.log()


def _read(body: bytes, taken: list[int] | None = None):
    """Read a form as it would come over the wire, in pieces and without its length."""
    pieces = [body[start : start + 65_536] for start in range(0, len(body), 65_536)]

    async def receive() -> dict[str, object]:
        piece = pieces.pop(0)
        if taken is not None:
            taken.append(len(piece))
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    kind = (b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode())
    request = Request({"type": "http", "method": "POST", "headers": [kind]}, receive)
    return anyio.run(read_upload, request)
