"""`gdftu audit`: is the audit trail as it was written?"""

from typing import Annotated

import typer

from gdftu_app.db import unit_of_work
from gdftu_app.services.audit_chain import AuditReport, verify

app = typer.Typer(help="审计记录的完整性。", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """Keep `verify` a subcommand while it is the only one."""


@app.command("verify", help="重新计算整条审计链，并与保存的结果比对。")
def verify_chain(
    head: Annotated[str, typer.Option("--head", metavar="SEQ:HASH", help="以前记下的链头；用于发现链尾被截断")] = "",
) -> None:
    """Print the head of the chain and what is not sealed yet; exit 1 when an entry or a seal was changed or is gone."""
    noted = _noted(head)
    with unit_of_work(reading=True) as session:
        report = verify(session, head=noted)
    _print(report)
    if not report.is_sound:
        raise typer.Exit(1)


def _noted(head: str) -> tuple[int, str] | None:
    if not head:
        return None
    seq, _, digest = head.partition(":")
    if not seq.isdecimal() or not digest:
        raise typer.BadParameter("应写作「序号:哈希」。", param_hint="--head")
    return int(seq), digest


def _print(report: AuditReport) -> None:
    typer.echo(f"链头：{report.head_seq}:{report.head_hash}")
    typer.echo(f"已封存 {report.sealed} 条，待封存 {report.unsealed} 条。")
    if report.is_sound:
        typer.echo("审计链完整。")
    else:
        typer.echo(f"审计链从第 {report.first_broken} 条起不完整：记录被改动、删除，或密钥不符。", err=True)
