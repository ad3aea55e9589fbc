"""`gdftu figures`: do the figures equal a recount, and counting them anew."""

import typer

from gdftu_app.db import unit_of_work
from gdftu_app.services.figure_checks import Drift, rebuild, verify

SHOWN = 20

app = typer.Typer(help="统计数的核对与重算。", no_args_is_help=True)


@app.command("verify", help="按会籍和会籍变动重新清点，与保存的统计数比对。")
def verify_figures() -> None:
    """Exit 0 when nothing drifts; else 1, with the first figures that differ."""
    with unit_of_work(reading=True) as session:
        drifts = verify(session)
    if not drifts:
        typer.echo("统计数与清点结果一致。")
        return
    typer.echo(f"有 {len(drifts)} 个统计数与清点结果不一致：", err=True)
    for drift in drifts[:SHOWN]:
        typer.echo(f"  {_line(drift)}", err=True)
    if len(drifts) > SHOWN:
        typer.echo(f"  ……其余 {len(drifts) - SHOWN} 个未列出", err=True)
    typer.echo("可运行 gdftu figures rebuild 重算。", err=True)
    raise typer.Exit(1)


@app.command("rebuild", help="按会籍和会籍变动重算全部统计数。期间其他人暂不能写入。")
def rebuild_figures() -> None:
    """Count everything anew."""
    with unit_of_work() as session:
        rebuild(session)
    typer.echo("统计数已重算。")


def _line(drift: Drift) -> str:
    when = f" {drift.day:%Y-%m-%d}" if drift.day else ""
    return f"工会 {drift.union_id}{when} {drift.figure}：应加 {drift.lacking:+d}"
