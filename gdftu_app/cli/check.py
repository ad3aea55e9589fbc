"""`gdftu check`: is an identifier valid, and what is its normal form?"""

from collections.abc import Callable
from typing import Annotated

import typer

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import SOURCE_LANGUAGE
from gdftu_app.models.identifiers import DocumentType, normalise_document, normalise_uscc

app = typer.Typer(help="校验并规范一个代码或证件号码。", no_args_is_help=True)
# A value may begin with a hyphen: it is then refused for its own sake, not taken for an option.
_ANY_VALUE = {"ignore_unknown_options": True}


@app.command("uscc", help="统一社会信用代码（GB 32100）。", context_settings=_ANY_VALUE)
def uscc(value: Annotated[str, typer.Argument(metavar="VALUE", help="代码")]) -> None:
    """Print the normal form of a unified social credit code; exit 1 with the reason when it is not valid."""
    _answer(lambda: normalise_uscc(value))


@app.command("id", help="居民身份证号码，或 --type 指定的其他证件号码。", context_settings=_ANY_VALUE)
def document(
    value: Annotated[str, typer.Argument(metavar="VALUE", help="证件号码")],
    kind: Annotated[DocumentType, typer.Option("--type", help="证件类型")] = DocumentType.RESIDENT_ID,
) -> None:
    """Print the normal form of a document's number; exit 1 with the reason when it is not valid."""
    _answer(lambda: normalise_document(kind, value))


def _answer(normalise: Callable[[], str]) -> None:
    try:
        normal = normalise()
    except InvalidInput as refusal:
        typer.echo(refusal.text(SOURCE_LANGUAGE), err=True)
        raise typer.Exit(1) from refusal
    typer.echo(normal)
