"""The bulk scales, at a volume that a test can wait for."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from gdftu_app.clock import BEIJING, frozen_at
from gdftu_app.db import make_engine
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import normalise_resident_id
from gdftu_app.models.memberships import MembershipEvent, MembershipStatus
from gdftu_app.models.unions import Union
from gdftu_app.queries.figures import figures_of
from gdftu_app.security.personal_data import unseal
from gdftu_app.services.demo.bulk import Volume, load_bulk
from gdftu_app.services.demo.bulk_members import Areas, Crowd, Share, member_block
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.memberships import admit
from gdftu_app.services.people import DOCUMENT_FIELD
from tests.copies import out_of_step
from tests.factories import make_person
from tests.search_index import require_in_step
from tests.services.demo.digests import digest, no_report
from tests.services.demo.moments import ahead_of

LITTLE = Volume(unions=2_800, members=3_000)
LOADED_AT = datetime(2024, 2, 29, 10, 45, tzinfo=BEIJING)


@pytest.mark.postgres
def test_it_loads_the_same_on_both_databases_without_drift(new_database: Callable[[str], str]):
    digests = []
    for kind in ("sqlite", "postgresql"):
        engine = make_engine(new_database(kind))
        with Session(engine) as session, frozen_at(LOADED_AT):
            load_bulk(session, no_report, LITTLE)
            session.commit()

            digests.append(digest(session))
            assert verify(session) == []
            assert out_of_step(session) == []
            assert session.exec(select(func.max(MembershipEvent.day))).one() == LOADED_AT.date()
            assert ahead_of(session, LOADED_AT) == []
            require_in_step(session)
            province = session.exec(select(Union).where(col(Union.superior_id).is_(None))).one()
            figures = figures_of(session, province)
            assert figures.unions_sub == pytest.approx(LITTLE.unions, rel=0.01)
            assert figures.members_sub == pytest.approx(LITTLE.members, rel=0.02)
            assert session.exec(select(func.count()).select_from(Account)).one() == 10
            assert compare_metadata(MigrationContext.configure(session.connection()), SQLModel.metadata) == []
            going_on(session)
        engine.dispose()

    assert digests[0] == digests[1]


def going_on(session: Session) -> None:
    """Work goes on with ids that are free and figures that are exact."""
    base = session.exec(select(Union).where(Union.level == "base").limit(1)).one()

    admit(session, make_person(session), base)

    assert verify(session) == []


SHARE = Share(
    3, date(2016, 1, 1), 500, [Crowd(40, 3_000, 900), Crowd(41, 10, 3_000)], 40, 90, Areas([1, 40, 60], [1, 7, 8])
)


@pytest.fixture(scope="module")
def lines() -> dict[str, list[list[str]]]:
    """The rows of one share of members, by table."""
    return {table: [line.split("\t") for line in text.splitlines()] for table, text in member_block(SHARE).items()}


class TestMembers:
    def test_the_same_share_is_the_same_but_for_nonces(self, lines: dict[str, list[list[str]]]):
        again = [line.split("\t") for line in member_block(SHARE)["memberships"].splitlines()]

        assert again == lines["memberships"]

    def test_everybody_has_a_document_of_their_own(self, lines: dict[str, list[list[str]]]):
        numbers = {unseal(DOCUMENT_FIELD, row[6], row[7]) for row in lines["persons"]}

        assert len(numbers) == 3_010
        assert all(normalise_resident_id(number) == number for number in numbers)

    def test_one_membership_of_a_person_is_current(self, lines: dict[str, list[list[str]]]):
        current = [row[1] for row in lines["memberships"] if int(row[3]) != MembershipStatus.ENDED]

        assert len(current) == len(set(current))

    def test_changes_of_the_member_count_add_up_to_those_who_count(self, lines: dict[str, list[list[str]]]):
        changes = sum(int(row[4]) for row in lines["membership_events"])

        assert changes == sum(int(row[3]) == MembershipStatus.CURRENT for row in lines["memberships"])

    def test_nothing_happens_before_the_day_of_joining(self, lines: dict[str, list[list[str]]]):
        since = {row[0]: row[5] for row in lines["memberships"]}

        assert all(row[6] >= since[row[1]] for row in lines["membership_events"])
