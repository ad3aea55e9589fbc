"""Before serving: refuse what must not be served, migrate, and give a demo installation its data."""

from gdftu_app.config import origins, settings
from gdftu_app.db import unit_of_work
from gdftu_app.errors import Misconfigured
from gdftu_app.queries.installation import has_demo_accounts
from gdftu_app.services.gateways import check_gateways
from gdftu_app.services.key_rotation import require_found
from gdftu_app.services.migrations import pending, upgrade


def prepare() -> None:
    """Make the database current and check the configuration; raises `Misconfigured`, naming what is wrong."""
    settings().master_secret()
    origins()
    check_gateways()
    if settings().workers > 1 and not settings().redis_url:
        raise Misconfigured("GDFTU_WORKERS 大于 1 时必须设置 GDFTU_REDIS_URL。")
    if pending():
        if not settings().migrate_on_start:
            raise Misconfigured("数据库还有未执行的迁移，请运行 gdftu db upgrade。")
        upgrade()
    with unit_of_work(reading=True) as session:
        if settings().is_production and has_demo_accounts(session):
            raise Misconfigured("GDFTU_DATABASE_URL 指向的数据库中有演示账号，生产环境拒绝启动。")
        require_found(session)
