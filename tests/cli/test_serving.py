"""`gdftu serve`: the first start, the second, and the starts that production refuses."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session

from gdftu_app.cli.building import BUILT_PAGE, STAMP, fingerprint
from gdftu_app.db import make_engine
from gdftu_app.services.demo.people import DEMO_SIGN_INS
from tests import factories
from tests.browser.running import Installation

SECRET = "long enough to be the secret of an installation"
PRODUCTION = {
    "GDFTU_ENV": "production",
    "GDFTU_SECRET_KEY": SECRET,
    "GDFTU_PUBLIC_URL": "https://gonghui.example",
}
# What only somebody's action or the loading of demo data writes; the worker keeps writing the others.
KEPT = ("accounts", "administrators", "employers", "membership_events", "memberships", "persons", "unions")
OTHER_HOST = "127.0.0.2"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """Makes an installation in an empty folder; whatever was started is ended."""
    made: list[Installation] = []

    def make(**how: object) -> Installation:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Installation(folder, **how))  # pyright: ignore[reportArgumentType]  (passed through as given)
        return made[-1]

    yield make
    for installation in made:
        installation.stop()


def rows(installation: Installation) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(installation.folder / "gdftu.sqlite3") as connection:
        return {table: connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in KEPT}


def built() -> tuple[int, int, str]:
    return STAMP.stat().st_mtime_ns, BUILT_PAGE.stat().st_mtime_ns, STAMP.read_text()


def test_the_first_start_does_everything_and_the_second_nothing_again(start: Callable[..., Installation]) -> None:
    installation = start(host=OTHER_HOST)

    printed = installation.start()

    assert f"平台已就绪： http://{OTHER_HOST}:{installation.port}" in printed
    for sign_in in DEMO_SIGN_INS:
        assert f"{sign_in.phone}  {sign_in.who}" in printed
    assert "登录" in httpx.get(f"{installation.url}/login/").text
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{installation.port}/healthz")
    assert (installation.folder / "secret.key").stat().st_mode & 0o077 == 0
    assert STAMP.read_text() == fingerprint()
    installation.stop()

    loaded, pages = rows(installation), built()
    again = installation.start()

    assert f"http://{OTHER_HOST}:{installation.port}" in again
    assert "已加载" not in again
    assert "正在构建" not in again
    assert rows(installation) == loaded
    assert built() == pages
    assert {len(loaded[table]) > 0 for table in KEPT} == {True}


def test_production_starts_with_what_it_needs_and_shows_no_demo_sign_ins(start: Callable[..., Installation]) -> None:
    installation = start(env=PRODUCTION)

    printed = installation.start()

    assert "平台已就绪" in printed
    assert "演示" not in printed
    assert not any(sign_in.phone in printed for sign_in in DEMO_SIGN_INS)
    assert rows(installation) == {table: [] for table in KEPT}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"GDFTU_SECRET_KEY": ""}, "GDFTU_SECRET_KEY"),
        ({"GDFTU_SECRET_KEY": "short"}, "GDFTU_SECRET_KEY"),
        ({"GDFTU_PUBLIC_URL": ""}, "GDFTU_PUBLIC_URL"),
        ({"GDFTU_ALLOWED_ORIGINS": "https://elsewhere.example, *"}, "GDFTU_ALLOWED_ORIGINS"),
        ({"GDFTU_WORKERS": "2"}, "GDFTU_REDIS_URL"),
    ],
    ids=["no secret", "a short secret", "no public address", "every origin", "two workers without Redis"],
)
def test_production_refuses_to_start_and_says_which_setting_is_wrong(
    start: Callable[..., Installation], changed: dict[str, str], named: str
) -> None:
    code, printed = start(env=PRODUCTION | changed).refuse()

    assert code == 2
    assert printed.startswith("配置有误：")
    assert named in printed
    assert "Traceback" not in printed


def test_production_refuses_a_database_with_demo_accounts(
    start: Callable[..., Installation], new_database: Callable[[str], str]
) -> None:
    address = new_database("sqlite")
    with Session(make_engine(address)) as session:
        factories.make_account(session).is_demo = True
        session.commit()

    code, printed = start(env=PRODUCTION | {"GDFTU_DATABASE_URL": address}).refuse()

    assert code == 2
    assert "GDFTU_DATABASE_URL" in printed
    assert "演示账号" in printed
