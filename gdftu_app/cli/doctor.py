"""`gdftu doctor`: is this installation fit to serve?"""

import os
from collections.abc import Callable

import typer

from gdftu_app.config import Environment, origins, settings
from gdftu_app.db import unit_of_work
from gdftu_app.errors import Misconfigured
from gdftu_app.queries.installation import clock_difference_seconds, has_demo_accounts
from gdftu_app.services.migrations import pending

LARGEST_CLOCK_DIFFERENCE_SECONDS = 60


def doctor() -> None:
    """Check one thing a line; exit 1 when any of them is wrong."""
    results = [_told(name, examine) for name, examine in EXAMINATIONS.items()]
    if not all(results):
        raise typer.Exit(1)


def _told(name: str, examine: Callable[[], str]) -> bool:
    try:
        finding = examine()
    except Exception as reason:
        typer.echo(f"✗ {name}：{reason}", err=True)
        return False
    typer.echo(f"✓ {name}：{finding}")
    return True


def _configuration() -> str:
    settings().master_secret()
    return f"{settings().env.value}，允许的来源 {'、'.join(origins())}"


def _database() -> str:
    with unit_of_work(reading=True) as session:
        return session.get_bind().dialect.name


def _migrations() -> str:
    missing = pending()
    if missing:
        raise Misconfigured(f"还有 {len(missing)} 个迁移没有执行，请运行 gdftu db upgrade。")
    return "已是最新版本"


def _demo_identities() -> str:
    with unit_of_work(reading=True) as session:
        found = has_demo_accounts(session)
    if found and settings().env is Environment.PRODUCTION:
        raise Misconfigured("生产环境的数据库中有演示账号。")
    return "有（演示环境）" if found else "没有"


def _redis() -> str:
    if not settings().redis_url:
        if settings().workers > 1:
            raise Misconfigured("多个工作进程需要设置 GDFTU_REDIS_URL。")
        return "未配置（单进程不需要）"
    from redis import Redis

    Redis.from_url(settings().redis_url, socket_timeout=2).ping()
    return "可以连接"


def _clock() -> str:
    with unit_of_work(reading=True) as session:
        difference = clock_difference_seconds(session)
    if abs(difference) > LARGEST_CLOCK_DIFFERENCE_SECONDS:
        raise Misconfigured(f"与数据库的时钟相差 {difference:.0f} 秒，请校准。")
    return f"与数据库相差 {difference:.1f} 秒"


def _data_folder() -> str:
    folder = settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise Misconfigured(f"不能写入数据目录 {folder}。")
    secret = folder / "secret.key"
    if secret.exists() and secret.stat().st_mode & 0o077:
        raise Misconfigured(f"密钥文件 {secret} 的权限应为 600。")
    return "可以写入"


EXAMINATIONS: dict[str, Callable[[], str]] = {
    "配置": _configuration,
    "数据库": _database,
    "迁移": _migrations,
    "演示账号": _demo_identities,
    "Redis": _redis,
    "时钟": _clock,
    "数据目录": _data_folder,
}
