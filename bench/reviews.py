"""The queue of a superior with 100,000 registrations that wait, and the approval of 1,000 of them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine, text
from sqlmodel import Session

from bench.asking import actor_in, ask
from bench.databases import Database
from bench.timing import Timing, measure
from gdftu_app.models.identifiers import complete_uscc
from gdftu_app.queries.accounts import ACCOUNT_PHONE
from gdftu_app.queries.reviews import ReviewFilter, review_details, review_page
from gdftu_app.security.personal_data import seal
from gdftu_app.services.registration_reviews import REGISTRATIONS
from gdftu_app.services.reviews import approve

WAITING, AT_ONCE, REPEAT, BATCHES = 100_000, 1_000, 30, 3
# What was measured before may have made accounts already.
_ACCOUNTS = (
    "INSERT INTO accounts (id, name, phone_enc, phone_bidx, is_demo, language, scaling, created_at)"
    " VALUES (:id, :name, :phone, :index, :no, 'zh-CN', '100%', :moment) ON CONFLICT DO NOTHING"
)
_FILE = (
    "INSERT INTO files (id, key, account_id, content_type, name, size, has_thumbnail, subject, created_at)"
    " VALUES (1, 'bench', 2, 'image/png', '', 1, :no, 'registrations:1', :moment)"
)
_REQUESTS = (
    "INSERT INTO registrations (id, reviewing_union_id, status, submitted_by_id, submitted_at, reason, employer_name,"
    " employer_uscc, employer_certificate_id, is_independent, union_name, notes)"
    " VALUES (:id, :union, 'pending', 2, :moment, '', :name, :uscc, 1, :no, :union_name, '{}')"
)


@dataclass(frozen=True)
class Measured:
    """One line of the table."""

    name: str
    timing: Timing


def reviewing(database: Database) -> Iterator[Measured]:
    """Pages of a long queue, one request in full, and batches; the batches are kept."""
    union = database.world.county
    _fill(database.engine, union)
    actor = actor_in(database.engine, union)
    queue = REGISTRATIONS.list
    page = partial(ask, database.engine, review_page, actor, queue=queue, page_size=50)
    for name, asked in (
        ("first 50", {}),
        ("50 in the middle", {"page": 1_000}),
        ("last 50", {"page": 2_000}),
        ("50 with a rare name", {"wanted": ReviewFilter(keyword="号厂99999")}),
        ("50 that wait for 7 days", {"wanted": ReviewFilter(waiting_days=7)}),
    ):
        yield Measured(f"queue of 100,000: {name}", measure([partial(page, **asked)], repeat=REPEAT))
    one = partial(ask, database.engine, review_details, actor, queue=queue, request_id=WAITING // 2)
    yield Measured("queue of 100,000: one in full", measure([one], repeat=REPEAT))
    samples: list[float] = []
    for batch in range(BATCHES):
        started = time.perf_counter()
        with Session(database.engine) as session:
            ids = list(range(1 + batch * AT_ONCE, 1 + (batch + 1) * AT_ONCE))
            outcomes = approve(session, actor, queue=REGISTRATIONS, ids=ids)
            session.commit()
        samples.append((time.perf_counter() - started) * 1_000)
        assert sum(outcome.is_decided for outcome in outcomes) == AT_ONCE
    yield Measured("approve 1,000 registrations", Timing(samples))


def _fill(engine: Engine, union: int) -> None:
    moment = "2026-01-05 02:30:00+00"
    with engine.begin() as connection:
        connection.execute(
            text(_ACCOUNTS),
            [_account(number, moment) for number in (1, 2)],
        )
        connection.execute(text(_FILE), {"no": False, "moment": moment})
        for first in range(1, WAITING, 10_000):
            connection.execute(text(_REQUESTS), [_request(first + step, union) for step in range(10_000)])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))


def _account(number: int, moment: str) -> dict[str, object]:
    sealed = seal(ACCOUNT_PHONE, f"+8617800000{number:03d}")
    return {
        "id": number, "name": f"账号{number}", "phone": sealed.enc, "index": sealed.bidx, "no": False, "moment": moment
    }  # fmt: skip


def _request(number: int, union: int) -> dict[str, object]:
    return {
        "id": number,
        "union": union,
        "moment": f"2026-01-{5 + number // 5_000:02d} {number // 3600 % 24:02d}:{number // 60 % 60:02d}:00+00",
        "name": f"试验{number}号厂{number}",
        "uscc": complete_uscc(f"91440199MA{number:07d}"),
        "union_name": f"试验{number}号厂{number}工会委员会",
        "no": False,
    }
