"""`gdftu keys`: which keys are in use, and changing them (docs/operations.md)."""

import secrets
from collections import Counter
from collections.abc import Iterable
from typing import Annotated

import typer

from gdftu_app.config import MINIMUM_SECRET_LENGTH, settings
from gdftu_app.db import unit_of_work
from gdftu_app.queries.installation import other_connections
from gdftu_app.services.audit_keys import are_retired, retire_keys
from gdftu_app.services.key_rotation import Renewed, Standing, is_found, reindex, rotate, standings

app = typer.Typer(help="密钥：查看、轮换。", no_args_is_help=True)


@app.command("new", help="生成一个新的密钥并显示，不作任何改动。")
def new() -> None:
    """Print a secret that nobody has, for `GDFTU_SECRET_KEY`."""
    typer.echo(secrets.token_urlsafe(MINIMUM_SECRET_LENGTH + 16))


@app.command("status", help="各处的加密数据用的是哪个密钥。")
def status() -> None:
    """Exit 0 when everything stands under the present keys and no earlier one is needed; else 1, saying why."""
    with unit_of_work(reading=True) as session:
        standing, found, retired = standings(session), is_found(session), are_retired(session)
    for each in standing:
        typer.echo(f"{each.place}：{each.rows:,} 条，{_key(each)}")
    lacking = sum(each.rows for each in standing if not each.is_present)
    unknown = sum(each.rows for each in standing if each.age is None)
    if lacking > unknown:
        typer.echo(f"还有 {lacking - unknown:,} 条不是用现在的密钥加密的，请运行 gdftu keys rotate。", err=True)
    if unknown:
        typer.echo(f"有 {unknown:,} 条的密钥不在配置中，无法打开。", err=True)
    if not found:
        typer.echo("号码的索引不是用现在的查询密钥计算的，请核对 GDFTU_LOOKUP_SECRET_KEY。", err=True)
    if not retired:
        typer.echo("审计链的旧密钥还没有交代完毕，请运行 gdftu keys rotate，等待后台任务封存后再查看。", err=True)
    if lacking or not found or not retired:
        raise typer.Exit(1)
    if settings().earlier_secrets():
        typer.echo("旧密钥已不再需要，可以从 GDFTU_PREVIOUS_SECRET_KEYS 中删去；任务结果文件请先核对上次轮换的提示。")
    else:
        typer.echo("全部数据用的是现在的密钥。")


@app.command(
    "rotate", help="把用旧密钥（或另一种算法）加密的数据改用现在的密钥。平台可以继续运行，中断后可以重新执行。"
)
def rotate_keys() -> None:
    """Seal anew what another key has sealed; exit 1 when something could not be opened, with how much of what."""
    unreadable = _told(rotate())
    with unit_of_work() as session:
        retire_keys(session)
    _end(unreadable, "已改用现在的密钥加密。请用 gdftu keys status 核对，再删去旧密钥。")


@app.command("reindex", help="改用现在的查询密钥重新计算号码索引。须先停止平台；中断后须重新执行。")
def reindex_keys(
    stopped: Annotated[bool, typer.Option("--stopped", help="确认平台的全部进程（serve、worker）都已停止")] = False,
) -> None:
    """Find everything by digests of the present lookup secret; refused, exit 1, while anything else is connected."""
    with unit_of_work(reading=True) as session:
        others = other_connections(session)
    if not stopped or others:
        typer.echo(
            f"数据库还有 {others} 个其他连接，请先停止平台的全部进程。"
            if others
            else "重新计算期间平台不能运行：查到的号码会不全，同一个人可能被登记两次。停止后请加上 --stopped。",
            err=True,
        )
        raise typer.Exit(1)
    _end(_told(reindex()), "已改用现在的查询密钥。所有人都需要重新登录。")


def _told(steps: Iterable[Renewed]) -> Counter[str]:
    """Say how far it has come, place by place; what could not be opened, of the last round."""
    renewed, unreadable = Counter[str](), Counter[str]()
    for step in steps:
        renewed[step.place] += step.rows
        unreadable[step.place] += step.unreadable
        if step.rows:
            typer.echo(f"{step.place}：{renewed[step.place]:,}")
    return +unreadable


def _end(unreadable: Counter[str], done: str) -> None:
    for place in unreadable:
        typer.echo(f"{place}：有数据无法打开，保持原样（密钥不在配置中，或数据已损坏）。", err=True)
    if unreadable:
        raise typer.Exit(1)
    typer.echo(done)


def _key(standing: Standing) -> str:
    if standing.age is None:
        return f"未知密钥（{standing.key}）"
    whose = "旧密钥" if standing.age else "现在的密钥"
    kind = standing.cipher.upper()
    return f"{whose}，{kind}" if standing.is_present or standing.age else f"{whose}，原算法 {kind}"
