"""The small demo: the same at every load, and what the contract promises."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func
from sqlmodel import Session, col, select

from gdftu_app.clock import BEIJING, frozen_at
from gdftu_app.db import make_engine
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.identifiers import normalise_resident_id, normalise_uscc
from gdftu_app.models.identity_checks import CheckStatus, IdentityCheck
from gdftu_app.models.jobs import ImportRow
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.memberships import Membership, MembershipEvent, MembershipEventKind, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.personal_requests import PersonalRequest
from gdftu_app.models.removal_reasons import EVENT_OF_REASON
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.tables import table_of
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.models.unions import Employer, Union, UnionCategory, UnionLevel, UnionStatus
from gdftu_app.queries.figures import figures_of
from gdftu_app.queries.jobs import list_jobs
from gdftu_app.security.passwords import verify_password
from gdftu_app.security.personal_data import unseal
from gdftu_app.services.demo.bases import CROWDED_TOWN, LONGEST_NAME
from gdftu_app.services.demo.drafts import UNASSIGNED_DIVISIONS
from gdftu_app.services.demo.duplicates import RECORDED_TWICE
from gdftu_app.services.demo.people import DEMO_PASSWORD, DEMO_SIGN_INS
from gdftu_app.services.demo.small import Size, load_small
from gdftu_app.services.demo.waiting_checks import APPLICANTS
from gdftu_app.services.figure_checks import verify
from gdftu_app.services.import_rows import Seals, draft_of
from gdftu_app.services.people import DOCUMENT_FIELD
from tests.installations import DATABASE, loaded_installation
from tests.services.demo.digests import digest, no_report
from tests.services.demo.moments import ahead_of

NewDatabase = Callable[[str], str]
FEW = Size(bases=260, crowded=20, members=1_500)
# The present day plays no part: all the data lean on the day of the load.
LOADED_AT = datetime(2024, 2, 29, 10, 45, tzinfo=BEIJING)


@pytest.fixture(scope="module")
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The whole small demo on SQLite, as `gdftu demo load` makes it."""
    installation = loaded_installation(request.config.cache.mkdir("demo-data"))
    copy = shutil.copy(installation / DATABASE, tmp_path_factory.mktemp("demo"))
    engine = make_engine(f"sqlite:///{copy}")
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


@pytest.mark.postgres
def test_two_loads_are_identical_even_on_different_databases(new_database: NewDatabase):
    digests = []
    for kind in ("sqlite", "postgresql"):
        with Session(make_engine(new_database(kind))) as session, frozen_at(LOADED_AT):
            load_small(session, no_report, size=FEW)
            digests.append(digest(session))
            assert verify(session) == []
            assert session.exec(select(func.max(MembershipEvent.day))).one() == LOADED_AT.date()
            assert ahead_of(session, LOADED_AT) == []

    assert digests[0] == digests[1]


def test_figures_do_not_drift(loaded: Session):
    assert verify(loaded) == []


def test_it_is_as_large_as_promised(loaded: Session):
    bases = loaded.exec(select(func.count()).where(Union.level == UnionLevel.BASE)).one()
    province = loaded.exec(select(Union).where(col(Union.superior_id).is_(None))).one()

    assert bases >= 3_000
    assert figures_of(loaded, province).members_sub >= 20_000


def test_every_division_has_its_union(loaded: Session):
    count = select(func.count()).where(col(Union.level) != UnionLevel.BASE, ~col(Union.name).contains("联合会"))
    levels = {
        level: loaded.exec(count.where(Union.level == level, col(Union.category) == category)).one()
        for level, category in (
            (UnionLevel.CITY, UnionCategory.CITY),
            (UnionLevel.COUNTY, UnionCategory.COUNTY),
        )
    }
    towns = loaded.exec(select(func.count()).where(Union.level == UnionLevel.TOWN)).one()

    assert levels == {UnionLevel.CITY: 21, UnionLevel.COUNTY: 122}
    assert towns == 1_757


@pytest.mark.parametrize("city", ["东莞市总工会", "中山市总工会"])
def test_cities_without_counties_have_their_towns_directly_below(loaded: Session, city: str):
    union = loaded.exec(select(Union).where(Union.name == city)).one()

    levels = loaded.exec(select(Union.level).where(Union.superior_id == union.id).distinct()).all()

    assert UnionLevel.TOWN in levels
    assert UnionLevel.COUNTY not in levels


def test_one_town_is_crowded(loaded: Session):
    town = loaded.exec(select(Union).where(Union.name == "石牌街道总工会")).one()

    assert town.division_code == CROWDED_TOWN
    assert figures_of(loaded, town).unions_direct > 1_000


def test_the_longest_name_is_there(loaded: Session):
    assert loaded.exec(select(Union).where(Union.name == f"{LONGEST_NAME}工会委员会")).one()


def test_there_are_unions_of_every_status_and_joint_ones(loaded: Session):
    statuses = set(loaded.exec(select(Union.status).distinct()))
    joint = loaded.exec(select(func.count()).where(Union.category == UnionCategory.JOINT_BASE)).one()

    assert statuses == set(UnionStatus)
    assert joint > 50


def test_codes_are_valid(loaded: Session):
    codes = loaded.exec(select(Employer.uscc)).all()

    assert all(normalise_uscc(code) == code for code in codes)
    assert all(code[2:8] == "440199" for code in codes)


def test_no_document_is_a_living_persons(loaded: Session):
    rows = loaded.exec(select(Person.doc_enc, Person.doc_bidx).limit(300)).all()

    numbers = [unseal(DOCUMENT_FIELD, enc or "", bidx or "") for enc, bidx in rows]

    assert all(normalise_resident_id(number) == number for number in numbers)
    assert all(number.startswith(UNASSIGNED_DIVISIONS) for number in numbers)


def test_the_history_holds_every_kind_of_event_over_three_years(loaded: Session):
    kinds = set(loaded.exec(select(MembershipEvent.kind).distinct()))
    first, last = loaded.exec(select(func.min(Membership.joined_on), func.max(Membership.since))).one()

    assert kinds == set(MembershipEventKind)
    assert (last - first).days > 1_080


def test_members_come_and_go_and_are_verified_on_every_day_of_the_last_week(loaded: Session):
    last = loaded.exec(select(func.max(MembershipEvent.day))).one()
    kinds_of = select(MembershipEvent.kind).distinct()
    kinds = [set(loaded.exec(kinds_of.where(MembershipEvent.day == last - timedelta(days=ago)))) for ago in range(7)]

    assert set.intersection(*kinds) >= {"joined", "verified", "transferred_out", "transferred_in"}
    assert all(seen & set(EVENT_OF_REASON.values()) for seen in kinds)


def test_the_ten_accounts_are_there(loaded: Session):
    accounts = loaded.exec(select(Account).order_by(col(Account.id)).limit(len(DEMO_SIGN_INS))).all()

    assert [unseal("accounts.phone", account.phone_enc, account.phone_bidx) for account in accounts] == [
        f"+86{sign_in.phone}" for sign_in in DEMO_SIGN_INS
    ]
    assert all(account.is_demo for account in accounts)
    assert len({account.password_hash for account in accounts}) == len(accounts)
    assert verify_password(accounts[0].password_hash, DEMO_PASSWORD)


def test_they_administer_what_the_contract_says(loaded: Session):
    rows = loaded.exec(
        select(Account.id, Union.name, Union.level, Administrator.role)
        .join(Administrator, col(Administrator.account_id) == Account.id)
        .join(Union, col(Union.id) == Administrator.union_id)
        .order_by(col(Account.id), col(Administrator.id))
    ).all()

    grants = {number: [row[1:] for row in rows if row[0] == number] for number in range(1, 11)}
    assert grants[1] == [("广东省总工会", "province", "owner")]
    assert grants[2] == [("广州市总工会", "city", "owner")]
    assert grants[3] == [("天河区总工会", "county", "owner")]
    assert [grant[1:] for grant in grants[4]] == [("base", "owner")]
    assert len(grants[5]) == 3
    assert "base" in {grant[1] for grant in grants[5]}
    assert len(grants[6]) == 1
    assert grants[7] == [("广州市总工会", "city", "analyst")]
    assert grants[8] == [("深圳市总工会", "city", "owner")]
    assert grants[9] == []
    assert grants[10] == [("广州市总工会", "city", "auditor")]


def test_documents_wait_for_an_administrator_at_every_level(loaded: Session):
    checks = loaded.exec(select(IdentityCheck).order_by(col(IdentityCheck.id))).all()
    names = [loaded.get_one(Account, check.account_id).name for check in checks]
    is_demo = loaded.exec(select(Account.is_demo).distinct()).all()

    assert [check.name for check in checks] == [applicant.name for applicant in APPLICANTS] == names
    assert {check.status for check in checks} == {CheckStatus.MANUAL}
    assert is_demo == [True]


@pytest.mark.parametrize("model", [JoinApplication, TransferApplication])
def test_applications_of_members_wait_and_were_rejected_at_several_levels(
    loaded: Session, model: type[JoinApplication] | type[TransferApplication]
):
    statuses = dict(loaded.exec(select(model.status, func.count()).group_by(col(model.status))).all())
    levels = select(Union.level).join(model, col(model.reviewing_union_id) == Union.id).distinct()
    applicants = set(loaded.exec(select(model.submitted_by_id)))

    assert statuses[ReviewStatus.PENDING] >= 200
    assert statuses[ReviewStatus.REJECTED] >= 50
    assert set(loaded.exec(levels)) >= {UnionLevel.BASE, UnionLevel.TOWN, UnionLevel.PROVINCE}
    assert len(applicants) == sum(statuses.values())


def test_requests_about_personal_data_wait_and_were_declined_at_several_levels(loaded: Session):
    statuses = dict(
        loaded.exec(select(PersonalRequest.status, func.count()).group_by(col(PersonalRequest.status))).all()
    )
    levels = select(Union.level).join(PersonalRequest, col(PersonalRequest.reviewing_union_id) == Union.id).distinct()
    kinds = set(loaded.exec(select(PersonalRequest.kind)))

    assert statuses[ReviewStatus.PENDING] >= 200
    assert statuses[ReviewStatus.REJECTED] >= 50
    assert set(loaded.exec(levels)) >= {UnionLevel.BASE, UnionLevel.TOWN, UnionLevel.COUNTY, UnionLevel.CITY}
    assert kinds == {"correction", "deletion", "closure"}


def test_two_base_unions_have_members_recorded_twice(loaded: Session):
    other = table_of(Person).alias("other")
    twice = (
        select(Membership.union_id, func.count())
        .join(Person, col(Person.id) == Membership.person_id)
        .where(~col(Membership.verified), Membership.status == MembershipStatus.CURRENT)
        .where(
            select(other.c.id)
            .where(
                other.c.name == col(Person.name),
                other.c.born_on == col(Person.born_on),
                other.c.phone_bidx == col(Person.phone_bidx),
                other.c.id != col(Person.id),
            )
            .exists()
        )
        .group_by(col(Membership.union_id))
    )

    assert [count for _, count in loaded.exec(twice)] == [RECORDED_TWICE, RECORDED_TWICE]


def test_only_the_sixth_is_not_verified(loaded: Session):
    rows = loaded.exec(
        select(Account.id)
        .join(Person, col(Person.id) == Account.person_id, isouter=True)
        .where(col(Person.verified_at).is_(None), col(Account.id) <= len(DEMO_SIGN_INS))
    ).all()

    assert rows == [6]


def test_an_import_waits_to_be_confirmed_and_other_jobs_are_over(loaded: Session):
    owner = loaded.exec(select(Account).where(Account.name == "简嘉铭")).one()

    jobs = list_jobs(loaded, account_id=owner.id or 0)

    assert [job.status for job in jobs].count("waiting") == 1
    assert {job.status for job in jobs} == {"waiting", "done", "failed", "cancelled"}
    waiting = next(job for job in jobs if job.status == "waiting")
    outcomes = select(ImportRow.outcome, func.count()).where(ImportRow.job_id == waiting.id)
    assert dict(loaded.exec(outcomes.group_by(col(ImportRow.outcome))).all()) == waiting.summary
    new = select(ImportRow).where(ImportRow.job_id == waiting.id, ImportRow.outcome == "new")
    seals = Seals(waiting.id)
    drafts = [draft_of(seals.open(row.number, row.values)) for row in loaded.exec(new)]
    assert len({draft.document_number for draft in drafts}) == waiting.summary["new"]
