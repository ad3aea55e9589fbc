"""`gdftu db`: migrations."""

import typer

from gdftu_app.services.migrations import pending, upgrade

app = typer.Typer(help="数据库迁移。", no_args_is_help=True)


@app.command("upgrade", help="把数据库迁移到最新版本。")
def upgrade_database() -> None:
    """Bring the configured database to the newest revision."""
    upgrade()
    typer.echo("数据库已是最新版本。")


@app.command("check", help="检查数据库是否已是最新版本。")
def check_database() -> None:
    """Exit 0 when no migration is pending; else 1, naming those that are."""
    missing = pending()
    if missing:
        typer.echo(f"还有 {len(missing)} 个迁移没有执行：{'、'.join(missing)}。请运行 gdftu db upgrade。", err=True)
        raise typer.Exit(1)
    typer.echo("数据库已是最新版本。")
