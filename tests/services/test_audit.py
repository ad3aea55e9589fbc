import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from gdftu_app.clock import now
from gdftu_app.models.records import AuditEntry
from gdftu_app.security.requests import Caller, current_caller
from gdftu_app.services.audit import record
from gdftu_app.services.audit_chain import seal_entries


class TestRecord:
    def test_the_actor_gives_account_and_union(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        record(session, "articles:publish", actor=actor, subject="articles:7", detail={"from": "draft"})

        entry = session.exec(select(AuditEntry)).one()
        assert (entry.account_id, entry.union_id) == (actor.account_id, small_federation.city.id)
        assert (entry.verb, entry.subject, entry.detail) == ("articles:publish", "articles:7", {"from": "draft"})
        assert abs((now() - entry.at).total_seconds()) < 60

    def test_the_union_concerned_may_be_another(self, session, act_as, small_federation):
        actor = act_as(small_federation.city)

        record(session, "unions:edit", actor=actor, union_id=small_federation.factory.id)

        assert session.exec(select(AuditEntry)).one().union_id == small_federation.factory.id

    def test_request_and_address_come_from_the_request_at_hand(self, session):
        token = current_caller.set(Caller(request_id="r" * 99, address="2001:db8::1"))

        record(session, "sessions:sign_in")

        current_caller.reset(token)
        entry = session.exec(select(AuditEntry)).one()
        assert (entry.request_id, entry.address) == ("r" * 24, "2001:db8::1")

    def test_what_is_rolled_back_leaves_no_entry(self, session):
        with session.begin_nested() as savepoint:
            record(session, "sessions:sign_in")
            session.flush()
            savepoint.rollback()

        assert session.exec(select(AuditEntry)).all() == []


class TestProtection:
    @pytest.mark.parametrize("table", ["audit_entries", "audit_seals"])
    @pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
    def test_the_database_itself_refuses_changes(self, session, table, change):
        record(session, "sessions:sign_in")
        session.flush()
        seal_entries(session)
        column = {"audit_entries": "verb", "audit_seals": "hash"}[table]

        with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
            session.connection().execute(text(change.format(table, column, column)))
