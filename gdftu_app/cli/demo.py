"""`gdftu demo`: invented data to try things on."""

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from gdftu_app.errors import Refusal
from gdftu_app.i18n import SOURCE_LANGUAGE
from gdftu_app.services.demo.loading import Report, Scale, load, load_if_empty
from gdftu_app.services.demo.people import DEMO_PASSWORD, DEMO_SIGN_INS
from gdftu_app.services.migrations import upgrade

PARTS = {"unions": "工会", "members": "会员", "figures": "索引与统计"}

T = TypeVar("T")

app = typer.Typer(help="演示数据。", no_args_is_help=True)


@app.callback()
def demo() -> None:
    """Keep `load` a subcommand while it is the only one."""


@app.command("load", help="向空数据库加载演示数据（虚构的单位和人员）。")
def load_demo(
    scale: Annotated[Scale, typer.Option("--scale", help="规模")] = Scale.SMALL,
    unions: Annotated[int | None, typer.Option("--unions", min=5_000, help="工会数，仅用于 city 和 province")] = None,
    members: Annotated[
        int | None, typer.Option("--members", min=10_000, help="会员数，仅用于 city 和 province")
    ] = None,
) -> None:
    """Load demo data and print the sign-ins; exit 1 with the reason in production or when there is data already."""
    if scale is Scale.SMALL and (unions or members):
        raise typer.BadParameter("--unions 和 --members 仅用于 --scale city 或 province。")
    upgrade()
    try:
        loaded = _with_progress(lambda report: load(report, scale=scale, unions=unions, members=members))
    except Refusal as refusal:
        typer.echo(refusal.text(SOURCE_LANGUAGE), err=True)
        raise typer.Exit(1) from refusal
    typer.echo(f"已加载 {loaded.unions:,} 个工会、{loaded.members:,} 名会员。")
    typer.echo(f"演示账号（密码均为 {DEMO_PASSWORD}）：")
    for sign_in in DEMO_SIGN_INS:
        typer.echo(f"  {sign_in.phone}  {sign_in.who}")


def load_with_progress() -> None:
    """Give an empty installation its small demo data; what it has, it keeps."""
    loaded = _with_progress(load_if_empty)
    if loaded is not None:
        typer.echo(f"已加载演示数据：{loaded.unions:,} 个工会、{loaded.members:,} 名会员。")


def _with_progress(loading: Callable[[Report], T]) -> T:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress:
        bars: dict[str, TaskID] = {}

        def report(part: str, done: int, total: int) -> None:
            if part not in bars:
                bars[part] = progress.add_task(PARTS[part], total=total)
            progress.update(bars[part], completed=done)

        return loading(report)
