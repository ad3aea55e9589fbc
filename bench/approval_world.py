"""A province in which people have applied to join: unions, members and applications, made in bulk for approvals."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from bench.world import Maker, write
from gdftu_app.models.figures import UnionFigures
from gdftu_app.models.tables import table_of
from gdftu_app.queries.accounts import ACCOUNT_PHONE
from gdftu_app.security.personal_data import Sealer
from gdftu_app.services.figure_checks import count_anew
from gdftu_app.services.migrations import upgrade

QUEUE = 100
REVIEWER, _WAITING_SINCE = 1, "2026-01-05 02:30:00+00"
_PERSONS = """
INSERT INTO persons (id, name, sex, born_on, ethnicity, education, politics, household, employment, skill, workplace,
  is_migrant, occupation, verification, verified_at, created_at)
SELECT n, '会员' || n, 1 + n % 2, date '1965-01-01' + (n::bigint * 7919 % 14600)::int, '',
  (array['21', '31', '41', '61'])[1 + n % 4], '', '', '', '', '榕江电器有限公司', n % 3 = 0,
  (array['', 'courier', 'other'])[1 + n % 3],
  CASE WHEN n % 10 > 2 THEN 'verified' ELSE 'unverified' END,
  CASE WHEN n % 10 > 2 THEN timestamptz '2025-03-01 02:00:00+00' END, '2025-01-01 00:00:00+00'
FROM generate_series(1, {members}) n
"""
_MEMBERSHIPS = """
INSERT INTO memberships (id, person_id, union_id, area_id, status, joined_on, since, name, sex, verified, is_migrant,
  occupation, education, born_year)
SELECT p.id, p.id, b.id, b.area, 1, date '2019-01-01' + (p.id * 104729 % 2000)::int, '2025-01-01', p.name, p.sex,
  p.verified_at IS NOT NULL, p.is_migrant, p.occupation, p.education,
  extract(year FROM p.born_on)
FROM persons p JOIN bases b ON b.place = p.id * 7919 % (SELECT count(*) FROM bases)
"""
_EVENTS = """
INSERT INTO membership_events (membership_id, union_id, kind, change, verified_change, day, at, reason)
SELECT id, union_id, 'joined', 1, verified::int, joined_on, '2025-01-01 00:00:00+00', '' FROM memberships
"""
_BASES = """
CREATE TEMPORARY TABLE bases AS
SELECT u.id, row_number() OVER (ORDER BY u.id) - 1 AS place,
  (SELECT a.id FROM unions a WHERE u.path LIKE a.path || '%' AND a.level IN ('province', 'city', 'county')
   ORDER BY length(a.path) DESC LIMIT 1) AS area
FROM unions u WHERE u.level = 'base'
"""
_ACCOUNT_COLUMNS = (
    "id", "name", "phone_enc", "phone_bidx", "person_id", "is_demo", "language", "scaling", "created_at"
)  # fmt: skip
_APPLICATION_COLUMNS = (
    "id", "reviewing_union_id", "status", "submitted_by_id", "submitted_at", "reason", "person_id", "details"
)  # fmt: skip
_APPLICANTS = """
INSERT INTO persons (id, name, sex, born_on, ethnicity, education, politics, household, employment, skill, workplace,
  is_migrant, occupation, verification, verified_at, created_at)
SELECT n, '申请人' || n, 1 + n % 2, date '1965-01-01' + (n::bigint * 7919 % 14600)::int, '', '', '', '', '', '', '',
  false, '', 'verified', timestamptz '2025-03-01 02:00:00+00', '2025-01-01 00:00:00+00'
FROM generate_series({first}, {last}) n
"""


@dataclass(frozen=True)
class Queue:
    """The applications that wait for one base union, by their ids."""

    union: int
    path: str
    ids: range


@dataclass(frozen=True)
class Applicants:
    """What the writers work on: `queues` of `QUEUE` applications each, and the tree around them."""

    province: int
    queues: list[Queue]
    members: int
    unions: int


def told_applicants(world: Applicants) -> str:
    """What has to be known of the world to use it later."""
    queues = [(queue.union, queue.path, queue.ids.start) for queue in world.queues]
    return json.dumps({**vars(world), "queues": queues})


def read_applicants(told: str) -> Applicants:
    """The world that was told."""
    known = json.loads(told)
    queues = [Queue(union, path, range(first, first + QUEUE)) for union, path, first in known.pop("queues")]
    return Applicants(**known, queues=queues)


def make_applicants(engine: Engine, *, unions: int, members: int, waiting: int) -> Applicants:
    """Fill an empty database: a tree, members in all its base unions, and applications that wait in some of them."""
    upgrade(engine.url.render_as_string(hide_password=False))
    maker = Maker(unions)
    world = maker.grow()
    write(engine, maker.nodes)
    bases = [node for node in maker.nodes if node.level == "base"]
    maker.random.shuffle(bases)
    count = min(len(bases), -(-waiting // QUEUE))
    queues = [
        Queue(node.id, node.path, range(1 + place * QUEUE, 1 + (place + 1) * QUEUE))
        for place, node in enumerate(bases[:count])
    ]
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in (_BASES, _PERSONS.format(members=members), _MEMBERSHIPS, _EVENTS):
            connection.execute(text(statement))
        last = members + len(queues) * QUEUE
        connection.execute(text(_APPLICANTS.format(first=members + 1, last=last)))
        raw = connection.connection.driver_connection
        _copy(raw, "accounts", _ACCOUNT_COLUMNS, _accounts(members, last))
        _copy(raw, "join_applications", _APPLICATION_COLUMNS, _applications(queues, members))
        for table in ("persons", "memberships", "accounts", "join_applications"):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"))
        connection.execute(table_of(UnionFigures).delete())
    with Session(engine) as session:
        count_anew(session)
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    return Applicants(world.province, queues, members, world.unions)


def _accounts(members: int, last: int) -> Iterator[tuple[Any, ...]]:
    sealer = Sealer(ACCOUNT_PHONE)
    for person in (None, *range(members + 1, last + 1)):
        number = REVIEWER if person is None else person - members + REVIEWER
        phone = sealer.seal(f"+86138{number:08d}")
        name = "黄管理" if person is None else f"申请人{person}"
        yield number, name, phone.enc, phone.bidx, person, False, "zh-CN", "100%", "2025-01-01 00:00:00+00"


def _applications(queues: list[Queue], members: int) -> Iterator[tuple[Any, ...]]:
    details = '{"workplace": "榕江电器有限公司", "education": "21", "is_migrant": "yes"}'
    for queue in queues:
        for number in queue.ids:
            yield (
                number, queue.union, "pending", number + REVIEWER, _WAITING_SINCE, "", members + number, details
            )  # fmt: skip


def _copy(raw: Any, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    with raw.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
