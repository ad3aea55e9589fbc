"""Workbooks over HTTP: the template, an upload that is checked, and a result that is its owner's alone."""

import time
from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qs, urlparse

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import select

from gdftu_app.models.accounts import Administrator
from gdftu_app.models.jobs import Job, JobStatus
from gdftu_app.workbooks.reading import LARGEST_WORKBOOK_BYTES
from tests.serving import Served
from tests.web.world import World
from tests.workbooks_to_import import filled, member

OWNER, STRANGER = "owner of the factory", "owner of the other city"
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(served: Served, world: World, client: httpx.Client) -> Ask:
    """Ask for an address as somebody of the world."""

    def asked(path: str, *, by: str | None = OWNER) -> httpx.Response:
        headers = {"Cookie": f"gdftu_session={world.sign_in(by)}"} if by else {}
        client.cookies.clear()
        return client.get(f"{served.url}{path}", headers=headers)

    return asked


@pytest.fixture
def send(served: Served, world: World, client: httpx.Client) -> Ask:
    """Send a workbook to be imported into a union of the world."""

    def sent(content: bytes, *, by: str = OWNER, union: str = "factory", **headers: str) -> httpx.Response:
        given = {"Origin": served.url, "Cookie": f"gdftu_session={world.sign_in(by)}"} | headers
        client.cookies.clear()
        return client.post(
            f"{served.url}/imports?union={world.places[union].id}",
            files={"file": ("会员.xlsx", content)},
            headers=given,
        )

    return sent


def told(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 303
    address = urlparse(answer.headers["location"])
    assert address.path == "/members/import/"
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def settled(world: World, number: int) -> Job:
    for _ in range(300):
        with world.open() as session:
            job = session.get_one(Job, number)
        if job.status not in (JobStatus.QUEUED, JobStatus.RUNNING):
            return job
        time.sleep(0.1)
    raise AssertionError("the worker did not come to it")


def test_the_template_is_a_workbook(ask):
    answer = ask("/imports/template")

    assert load_workbook(BytesIO(answer.content)).sheetnames[0] == "会员"
    assert answer.headers["content-disposition"].startswith("attachment; ")


def test_an_uploaded_workbook_is_checked_and_its_errors_are_given_to_its_owner_alone(world, send, ask):
    number = int(told(send(filled([member(501), member(502, 手机号="1")])))["job"])

    job = settled(world, number)

    assert (job.status, job.summary["new"], job.summary["wrong"]) == (JobStatus.WAITING, 1, 1)
    answer = ask(f"/job-files/{number}")
    assert load_workbook(BytesIO(answer.content))["会员"].max_row == 2
    assert answer.headers["cache-control"] == "no-store"
    assert {ask(f"/job-files/{number}", by=who).status_code for who in (None, STRANGER)} == {404}
    assert ask("/job-files/" + "9" * 40).status_code == 404


def test_whoever_loses_the_right_loses_the_file(world, send, ask):
    who = "owner of both factories"
    number = int(told(send(filled([member(503, 手机号="1")]), by=who))["job"])
    settled(world, number)
    assert ask(f"/job-files/{number}", by=who).status_code == 200

    before = granted(world, who, ["members:view"])

    assert ask(f"/job-files/{number}", by=who).status_code == 404
    granted(world, who, before)


def granted(world: World, who: str, permissions: list[str]) -> list[str]:
    """Let somebody's grants name these permissions; what they named before."""
    with world.open() as session:
        account_id = world.residents[who].account_id
        grants = session.exec(select(Administrator).where(Administrator.account_id == account_id)).all()
        before = list(grants[0].permissions)
        for grant in grants:
            grant.permissions = permissions
    return before


@pytest.mark.parametrize(
    ("by", "union", "word"),
    [
        ("analyst of the city", "city", "not_allowed"),
        (STRANGER, "factory", "not_found"),
        ("owner of the city", "city", "invalid"),
        ("dismissed owner of the city", "city", "not_found"),
    ],
)
def test_nothing_is_taken_from_whoever_may_not_import(send, by, union, word):
    assert told(send(filled([member(504)]), by=by, union=union)) == {"refused": word}


def test_other_sites_and_too_much_are_refused(send):
    assert told(send(b"PK", Origin="https://elsewhere.example")) == {"refused": "foreign_origin"}
    assert told(send(bytes(LARGEST_WORKBOOK_BYTES + 20_000))) == {"refused": "workbook_too_large"}


def test_what_is_no_workbook_is_told_by_its_job(world, send):
    job = settled(world, int(told(send(b"no workbook"))["job"]))

    assert (job.status, job.message[:6]) == (JobStatus.FAILED, "文件无法读取")
