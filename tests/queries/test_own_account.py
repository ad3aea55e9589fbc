from datetime import UTC, datetime, timedelta

import pytest

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.errors import SignedOut
from gdftu_app.models.people import Person
from gdftu_app.queries.own_account import own_account, password_days_left, sign_in_history
from gdftu_app.security.passwords import hash_password
from gdftu_app.security.personal_data import seal
from gdftu_app.services.audit import record
from gdftu_app.services.sign_in import sign_in_with_password
from tests.factories import id_of, make_account, make_administrator, make_union
from tests.statements import statements

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)
PHONE, PASSWORD, NUMBER = "19900000001", "Gonghui@2026demo", "44010119900307663" + "X"


@pytest.fixture(autouse=True)
def held_clock():
    with frozen_at(MOMENT):
        yield


@pytest.fixture
def account(session):
    return make_account(session, phone=f"+86{PHONE}")


class TestOwnAccount:
    def test_personal_numbers_are_masked(self, session, account):
        person = session.get_one(Person, account.person_id)
        sealed = seal("persons.document", NUMBER)
        person.doc_type, person.doc_enc, person.doc_bidx = "resident_id", sealed.enc, sealed.bidx

        own = own_account(session, account_id=id_of(account))

        assert (own.phone, own.document_type, own.document) == ("199****0001", "居民身份证", f"4401{'*' * 12}3X")

    def test_unions_come_with_their_roles(self, session, account):
        union = make_union(session, name="云山市总工会")
        make_administrator(session, account, union)

        [own] = own_account(session, account_id=id_of(account)).unions

        assert (own.name, own.role_label) == ("云山市总工会", "负责人")

    def test_an_account_without_person_password_and_union_has_nothing_more(self, session, account):
        account.person_id = None
        session.flush()

        own = own_account(session, account_id=id_of(account))

        assert (own.is_verified, own.document, own.unions, own.has_password) == (False, "", (), False)
        assert (own.password_changed_at, own.password_days_left) == (None, None)

    def test_nobody_has_none(self, session):
        with pytest.raises(SignedOut):
            own_account(session, account_id=987_654)


class TestPasswordDaysLeft:
    def test_they_run_from_the_last_change(self, session, account):
        account.password_hash, account.password_changed_at = "x", now() - timedelta(days=80)
        session.flush()

        assert password_days_left(session, account_id=id_of(account)) == 10

    def test_without_a_password_there_are_none(self, session, account):
        account.password_changed_at = now() - timedelta(days=80)
        session.flush()

        assert password_days_left(session, account_id=id_of(account)) is None


class TestHistory:
    def test_sign_ins_and_refusals_are_told_the_latest_first_and_nobody_elses(self, session, account):
        account.password_hash = hash_password(PASSWORD)
        other = make_account(session)
        record(session, "sessions:sign_in", account_id=other.id, detail={"method": "code"})
        record(session, "codes:send", account_id=account.id)
        for password in ("wrong", PASSWORD):
            travel(timedelta(minutes=1))
            sign_in_with_password(
                session, phone=PHONE, password=password, visitor_cookie=None, address="", user_agent=""
            )

        rows = sign_in_history(session, account_id=id_of(account)).rows

        assert [(row.method, row.reason) for row in rows] == [("password", ""), ("password", "credentials")]
        assert rows[0].at > rows[1].at

    @pytest.mark.parametrize(("asked", "shown", "count"), [(1, 1, 20), (2, 2, 20), (3, 3, 5), (99, 3, 5), (0, 1, 20)])
    def test_it_is_paged_and_the_questions_do_not_grow(self, session, account, asked, shown, count):
        for number in range(45):
            record(session, "sessions:sign_in", account_id=account.id, detail={"method": "code", "number": number})
        session.flush()

        with statements(session) as sent:
            page = sign_in_history(session, account_id=id_of(account), page=asked)

        assert (page.page, page.pages, len(page.rows)) == (shown, 3, count)
        assert len(sent) == 2

    def test_an_account_that_never_signed_in_has_one_empty_page(self, session, account):
        page = sign_in_history(session, account_id=id_of(account))

        assert (page.rows, page.page, page.pages) == ((), 1, 1)
