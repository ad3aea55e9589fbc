"""组织登记, the superior: who may be chosen, and what becomes of the choice."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from gdftu_app.clock import frozen_at
from gdftu_app.errors import InvalidInput
from gdftu_app.models.accounts import Account
from gdftu_app.models.registration_fields import RegistrationField
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel, UnionStatus
from gdftu_app.services.registration_drafts import (
    choose_superior,
)
from gdftu_app.services.registrations import (
    NotSound,
)
from tests.factories import Federation, id_of, make_account, make_union
from tests.registering import (
    draft,
    fill_in,
    problem,
    rows,
    submit,
    submit_one,
    verbs,
    warnings,
)

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)
Field = RegistrationField


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, name="招新宇")


@pytest.fixture
def street(small_federation: Federation) -> Union:
    return small_federation.street


class TestSuperior:
    def test_that_takes_registrations_is_told_with_its_path(self, session: Session, account: Account, street: Union):
        choose_superior(session, account_id=id_of(account), union_id=id_of(street))

        superior = draft(session, account).superior
        assert superior is not None
        assert (superior.name, superior.path) == ("榕树街道总工会", ("南岭省总工会", "云山市总工会", "珠水区总工会"))

    def test_without_anybody_who_reviews_is_said_so(
        self, session: Session, account: Account, street: Union, act_as: Callable[..., object]
    ):
        choose_superior(session, account_id=id_of(account), union_id=id_of(street))
        without = warnings(session, account, Field.SUPERIOR)
        act_as(street)

        assert without == ["「榕树街道总工会」目前没有可以审核登记的管理员，提交后可能要等待较久。"]
        assert warnings(session, account, Field.SUPERIOR) == []

    def test_that_is_a_base_union_is_answered_like_one_that_does_not_exist(
        self, session: Session, account: Account, small_federation: Federation
    ):
        told: list[object] = []
        for number in (id_of(small_federation.factory), 7_499_999):
            choose_superior(session, account_id=id_of(account), union_id=number)
            told.append((draft(session, account).superior, problem(session, account, Field.SUPERIOR)))

        assert told[0] == told[1]
        assert told[0] == (None, "该工会不能作为上级工会：基层工会不受理登记。请搜索后重新选择。")

    @pytest.mark.parametrize(
        ("status", "told"), [(UnionStatus.DISSOLVED, "「榕树街道总工会」已撤销"), (UnionStatus.PREPARING, "还在筹建")]
    )
    def test_that_is_not_active_is_refused(
        self, status: UnionStatus, told: str, session: Session, account: Account, street: Union
    ):
        fill_in(session, account, street)
        street.status = status
        session.flush()

        assert told in problem(session, account, Field.SUPERIOR)
        with pytest.raises(NotSound):
            submit(session, account)
        assert rows(session) == 0

    @pytest.mark.parametrize("place", ["factory", "nowhere"])
    def test_that_was_forged_leaves_nothing(
        self, place: str, session: Session, account: Account, small_federation: Federation
    ):
        fill_in(session, account, small_federation.street)
        number = id_of(small_federation.factory) if place == "factory" else 7_499_999
        choose_superior(session, account_id=id_of(account), union_id=number)

        with pytest.raises(InvalidInput) as refused:
            submit(session, account)

        assert refused.value.field == "superior_id"
        assert (rows(session), verbs(session).count("registrations:submit")) == (0, 0)

    def test_may_be_any_above_base_union(self, session: Session, account: Account, small_federation: Federation):
        federation = make_union(
            session,
            small_federation.district,
            category=UnionCategory.INDUSTRY_FEDERATION,
            level=UnionLevel.COUNTY,
        )

        for superior in (small_federation.province, small_federation.city, federation):
            assert submit_one(session, account, superior).reviewing_union_id == superior.id
