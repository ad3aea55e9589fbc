"""`gdftu unions`: the tree that a new installation begins with."""

import typer

from gdftu_app.db import unit_of_work
from gdftu_app.errors import Refusal
from gdftu_app.i18n import SOURCE_LANGUAGE
from gdftu_app.services.division_unions import establish_divisions

app = typer.Typer(help="工会。", no_args_is_help=True)


@app.callback()
def unions() -> None:
    """Keep `establish-divisions` a subcommand while it is the only one."""


@app.command("establish-divisions", help="在空数据库中按行政区划建立省、市、县、镇街四级工会。")
def establish() -> None:
    """Establish the unions of all divisions and say what comes next; exit 1 when there are unions already."""
    try:
        with unit_of_work() as session:
            planted = establish_divisions(session)
    except Refusal as refusal:
        typer.echo(refusal.text(SOURCE_LANGUAGE), err=True)
        raise typer.Exit(1) from refusal
    typer.echo(f"已建立 {planted.unions:,} 个工会，省总工会的编号是 {planted.province_id}。")
    typer.echo(f"下一步：gdftu admin create --phone 手机号 --name 姓名 --union {planted.province_id} --role owner")
