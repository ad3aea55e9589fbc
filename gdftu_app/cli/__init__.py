"""`gdftu`: the commands of an installation (contract in `docs/commands.md`)."""

import typer

from gdftu_app.cli import admin, audit, backups, check, databases, demo, doctor, figures, keys, outbox, serving, unions
from gdftu_app.errors import Misconfigured
from gdftu_app.services.observing import observe

app = typer.Typer(
    help="工会会员实名制服务平台", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
app.command("serve", help="启动平台：迁移数据库、构建页面、在一个端口上提供全部服务。")(serving.serve)
app.command("worker", help="单独运行后台任务。")(serving.worker)
app.command("outbox", help="本地短信网关的短信，最新的在前。")(outbox.outbox)
app.command("doctor", help="检查配置、数据库、迁移、Redis、时钟和数据目录。")(doctor.doctor)
app.command("backup", help="把数据库和文件备份到一个文件，平台可以继续运行。")(backups.backup)
app.command("restore", help="把备份恢复到新的空数据库和空的文件存储，须先停止平台。")(backups.restore)
for name, group in {
    "db": databases.app,
    "demo": demo.app,
    "unions": unions.app,
    "admin": admin.app,
    "figures": figures.app,
    "audit": audit.app,
    "keys": keys.app,
    "check": check.app,
}.items():
    app.add_typer(group, name=name)


def main() -> None:
    """Run a command; what is configured wrongly is said in one line, exit 2."""
    try:
        observe()
        app()
    except Misconfigured as reason:
        typer.echo(f"配置有误：{reason}", err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
