"""`gdftu admin`: the first administrator of an installation."""

from typing import Annotated

import typer

from gdftu_app.db import unit_of_work
from gdftu_app.errors import Refusal
from gdftu_app.i18n import SOURCE_LANGUAGE
from gdftu_app.security.permissions import ROLE_LABELS, Role
from gdftu_app.services.installations import create_administrator

app = typer.Typer(help="管理员。", no_args_is_help=True)


@app.callback()
def admin() -> None:
    """Keep `create` a subcommand while it is the only one."""


@app.command("create", help="建立管理员账号并授权。执行者为其身份负责，账号视为已实名。")
def create(
    phone: Annotated[str, typer.Option("--phone", help="手机号")],
    name: Annotated[str, typer.Option("--name", help="姓名")],
    union_id: Annotated[int, typer.Option("--union", metavar="ID", help="工会编号")],
    role: Annotated[Role, typer.Option("--role", help="角色")] = Role.OWNER,
) -> None:
    """Create an administrator; a second time nothing changes. Exit 1 with the reason when it cannot be."""
    try:
        with unit_of_work() as session:
            created = create_administrator(session, phone=phone, name=name, union_id=union_id, role=role)
    except Refusal as refusal:
        typer.echo(refusal.text(SOURCE_LANGUAGE), err=True)
        raise typer.Exit(1) from refusal
    where = f"「{created.union_name}」的{ROLE_LABELS[role]}"
    if created.was_there:
        typer.echo(f"该账号已是{where}，没有改动。")
        return
    typer.echo(f"{name.strip()} 已成为{where}。")
    typer.echo("下一步：打开登录页，选择「手机短信验证码」，用该手机号登录。")
