"""Reading one uploaded file: never more of it than is taken, and nowhere but in memory."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from gdftu_app.errors import InvalidInput
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


async def read_upload(request: Request) -> Upload:
    """The file of a form with the one field `file`.

    Raises:
        TooLarge: as soon as the form says so, or the bytes exceed what is taken.
        NoFile: no such form, or not whole.
    """
    most = LARGEST_FILE_BYTES + LARGEST_FRAME_BYTES
    if _said_length(request) > most:
        raise too_large()
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise NoFile(field=FIELD)
    parser = _InMemory(request.headers, _capped(request.stream(), most), max_files=1, max_fields=0)
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


class _InMemory(MultiPartParser):
    spool_max_size = LARGEST_FILE_BYTES + LARGEST_FRAME_BYTES + 1


async def _capped(stream: AsyncGenerator[bytes, None], most: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in stream:
        size += len(chunk)
        if size > most:
            raise too_large()
        yield chunk


def _said_length(request: Request) -> int:
    said = request.headers.get("content-length", "")
    return int(said) if said.isdecimal() else 0
