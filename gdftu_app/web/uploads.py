"""Reading one uploaded file: never more of it than is taken, and nowhere but in memory."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.files import LARGEST_FILE_BYTES
from gdftu_app.services.file_examination import too_large

FIELD = "file"
# What a form has around its file: boundaries and the headers of the part.
LARGEST_FRAME_BYTES = 16_384


class NoFile(InvalidInput):
    """The form is none, or holds something else."""

    code = "no_file"
    default = msg("没有收到文件，请重新选择。")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent, under the name that the sender gives it."""

    name: str
    content: bytes


async def read_upload(request: Request, *, largest: int = LARGEST_FILE_BYTES, refusal: Refusal | None = None) -> Upload:
    """The file of a form with the one field `file`, of at most `largest` bytes.

    Raises:
        TooLarge: or the `refusal` given; as soon as the form says so, or the bytes exceed what is taken.
        NoFile: no such form, or not whole.
    """
    most, beyond = largest + LARGEST_FRAME_BYTES, refusal or too_large()
    if _said_length(request) > most:
        raise beyond
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise NoFile(field=FIELD)
    parser = MultiPartParser(request.headers, _capped(request.stream(), most, beyond), max_files=1, max_fields=0)
    parser.spool_max_size = most + 1
    try:
        form = await parser.parse()
    except MultiPartException:
        raise NoFile(field=FIELD) from None
    try:
        file = form.get(FIELD)
        if not isinstance(file, UploadFile) or not file.size:
            raise NoFile(field=FIELD)
        return Upload(file.filename or "", await file.read())
    finally:
        await form.close()


async def _capped(stream: AsyncGenerator[bytes, None], most: int, beyond: Refusal) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in stream:
        size += len(chunk)
        if size > most:
            raise beyond
        yield chunk


def _said_length(request: Request) -> int:
    said = request.headers.get("content-length", "")
    return int(said) if said.isdecimal() else 0
