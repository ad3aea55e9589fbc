"""`gdftu backup` and `gdftu restore`: an installation in one file (docs/operations.md)."""

from pathlib import Path
from typing import Annotated

import typer

from gdftu_app.integrations.archives import Damaged
from gdftu_app.integrations.file_store import StoreTrouble
from gdftu_app.services.backups import Unrestorable, back_up, bring_back

Archive = Annotated[Path, typer.Argument(metavar="FILE", help="备份文件")]


def backup(file: Archive) -> None:
    """Write the archive and say what is in it; exit 1 when there is a file of that name, or it cannot be written."""
    try:
        kept = back_up(file)
    except FileExistsError:
        _refuse(f"{file} 已经存在，请换一个文件名。")
    except (OSError, StoreTrouble) as trouble:
        _refuse(f"备份没有完成：{trouble}")
    else:
        typer.echo(f"已备份到 {file}（{file.stat().st_size / 1_000_000:,.1f} MB）：数据库和 {kept.files:,} 个文件。")
        if kept.missing:
            typer.echo(f"另有 {kept.missing:,} 个文件在存储中已不存在（备份期间被清理，或早已丢失）。", err=True)
        typer.echo("密钥不在备份中，请另行妥善保存。")


def restore(file: Archive) -> None:
    """Bring an archive back into an empty installation; exit 1 with the reason, and nothing changed."""
    try:
        manifest, kept = bring_back(file)
    except Unrestorable as reason:
        _refuse(str(reason))
    except Damaged as damaged:
        _refuse(f"备份文件不完整或已损坏（{damaged}）。")
    except (OSError, StoreTrouble) as trouble:
        _refuse(f"恢复没有完成：{trouble}")
    else:
        typer.echo(f"已恢复 {manifest.made_at} 的备份：数据库（结构 {manifest.revision}）和 {kept.files:,} 个文件。")
        typer.echo("下一步：gdftu db upgrade，gdftu figures verify，gdftu audit verify，gdftu doctor，然后启动平台。")


def _refuse(reason: str) -> None:
    typer.echo(reason, err=True)
    raise typer.Exit(1)
