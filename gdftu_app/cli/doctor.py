"""`gdftu doctor`: is this installation fit to serve?"""

import os
from collections.abc import Callable
from typing import Annotated

import typer

from gdftu_app.config import Environment, origins, settings
from gdftu_app.db import unit_of_work
from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.file_store import StoreTrouble, file_store
from gdftu_app.integrations.sms import DeliveryStatus
from gdftu_app.integrations.wechat import is_configured
from gdftu_app.models.identifiers import mask_phone, normalise_phone
from gdftu_app.queries.installation import clock_difference_seconds, has_demo_accounts
from gdftu_app.services.gateways import check_identity, check_sms, check_wechat, notices_without_template
from gdftu_app.services.key_rotation import require_found
from gdftu_app.services.migrations import pending
from gdftu_app.services.trial_messages import send_trial

LARGEST_CLOCK_DIFFERENCE_SECONDS = 60


class Doubt(Exception):
    """Something that works, and is hardly meant; the text says what and why."""


class NotAccepted(Exception):
    """The gateway did not take the test message, or nobody knows whether it did."""


def doctor(
    send_test: Annotated[str, typer.Option("--send-test", help="只向这个手机号发一条测试短信，并显示网关的答复")] = "",
) -> None:
    """Check one thing a line, or send one test message instead; exit 1 when any of it is wrong, not when doubtful."""
    examinations = {"测试短信": lambda: _test_message(send_test)} if send_test else EXAMINATIONS
    results = [_told(name, examine) for name, examine in examinations.items()]
    if not all(results):
        raise typer.Exit(1)


def _told(name: str, examine: Callable[[], str]) -> bool:
    try:
        finding = examine()
    except Doubt as doubt:
        typer.echo(f"! {name}：{doubt}", err=True)
        return True
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


def _keys() -> str:
    with unit_of_work(reading=True) as session:
        require_found(session)
    return "号码可以查到" + ("，还配置有旧密钥（见 gdftu keys status）" if settings().earlier_secrets() else "")


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


def _files() -> str:
    store = file_store()
    try:
        store.probe()
    except StoreTrouble as trouble:
        raise Misconfigured(f"{store} 不能写入、读取或删除（{trouble}），请检查 GDFTU_FILES_… 各项设置。") from trouble
    return f"{store} 可以写入、读取和删除"


def _test_message(phone: str) -> str:
    answer = send_trial(phone)
    told = (
        f"{settings().sms_gateway} {_ANSWERS[answer.status]}（发往 {mask_phone(normalise_phone(phone))}，"
        f"返回码 {answer.code or '无'}，请求编号 {answer.request or '无'}）"
    )
    if answer.status is not DeliveryStatus.ACCEPTED:
        raise NotAccepted(told)
    return told


_ANSWERS = {
    DeliveryStatus.ACCEPTED: "已受理",
    DeliveryStatus.LATER: "暂时没有受理，请稍后再试",
    DeliveryStatus.REFUSED: "拒绝了这条短信，请检查配置",
    DeliveryStatus.UNCERTAIN: "没有明确答复，短信可能已经发出",
}


def _sms() -> str:
    check_sms()
    missing = notices_without_template()
    if missing:
        raise Doubt(f"GDFTU_SMS_TEMPLATES 没有 {'、'.join(missing)} 的模板，这些通知不会发送。")
    if settings().sms_gateway != "local":
        return f"{settings().sms_gateway}（可用 --send-test 手机号 试发一条）"
    if settings().is_production:
        raise Doubt("local：短信不会发到手机，只能用 gdftu outbox 查看。请设置 GDFTU_SMS_GATEWAY。")
    return "local（短信见 gdftu outbox）"


def _identity() -> str:
    check_identity()
    if settings().identity_gateway == "local" and settings().is_production:
        raise Doubt("local：每个人的证件都要由工会管理员人工确认。请设置 GDFTU_IDENTITY_GATEWAY。")
    return settings().identity_gateway


def _wechat() -> str:
    check_wechat()
    return "已配置小程序" if is_configured(settings()) else "未配置（入口码为会员端页面的二维码）"


EXAMINATIONS: dict[str, Callable[[], str]] = {
    "配置": _configuration,
    "数据库": _database,
    "迁移": _migrations,
    "密钥": _keys,
    "演示账号": _demo_identities,
    "Redis": _redis,
    "短信网关": _sms,
    "实名核验": _identity,
    "微信小程序": _wechat,
    "时钟": _clock,
    "数据目录": _data_folder,
    "文件存储": _files,
}
