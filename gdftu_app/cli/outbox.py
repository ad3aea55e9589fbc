"""`gdftu outbox`: the messages of the local SMS gateway."""

from typing import Annotated

import typer

from gdftu_app.clock import BEIJING
from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import SOURCE_LANGUAGE
from gdftu_app.integrations.sms import sms_gateway
from gdftu_app.queries.outbox import list_messages
from gdftu_app.services.outbox import deliver_waiting


def outbox(
    phone: Annotated[str, typer.Option("--phone", help="只看这个手机号的短信")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="最多显示几条")] = 20,
) -> None:
    """Print the messages of the local gateway, newest first: time, phone, purpose, status, text, tab-separated.

    What still waits is delivered first, so no worker is needed. Exit 1 with a real gateway, whose messages belong to
    their receivers alone.
    """
    if not sms_gateway(settings()).keeps_messages_here:
        typer.echo("短信由外部网关发送，这里没有可查看的内容。", err=True)
        raise typer.Exit(1)
    deliver_waiting()
    try:
        with unit_of_work(reading=True) as session:
            messages = list_messages(session, phone=phone, limit=limit)
    except InvalidInput as refusal:
        typer.echo(refusal.text(SOURCE_LANGUAGE), err=True)
        raise typer.Exit(1) from refusal
    if not messages:
        typer.echo("还没有短信。", err=True)
    for message in messages:
        at = message.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
        typer.echo("\t".join((at, message.phone, message.purpose, message.status, message.text)))
