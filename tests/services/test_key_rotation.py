"""Keys change while the platform runs: what was sealed is sealed anew, and found as before."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, SQLModel, col, func, select

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.file_store import file_store
from gdftu_app.models.accounts import Account, SignInSession
from gdftu_app.models.jobs import Job, JobKind
from gdftu_app.models.memberships import Membership
from gdftu_app.models.people import Person
from gdftu_app.models.records import OutboxMessage
from gdftu_app.models.types import SealedText
from gdftu_app.queries.accounts import phone_of
from gdftu_app.queries.outbox import open_message
from gdftu_app.security.keys import blind_index
from gdftu_app.security.personal_data import present_key, seal, unseal
from gdftu_app.services import key_rotation
from gdftu_app.services.accounts import open_account
from gdftu_app.services.gateway_tokens import DatabaseTokens
from gdftu_app.services.job_files import enter_file, read_sealed, write_sealed
from gdftu_app.services.job_kinds import RUNNERS
from gdftu_app.services.job_running import work_off
from gdftu_app.services.key_rotation import is_found, reindex, require_found, rotate, standings
from gdftu_app.services.member_exports import NAME_FIELD
from gdftu_app.services.member_imports import confirm_import, start_member_import
from gdftu_app.services.outbox import post
from gdftu_app.services.people import DOCUMENT_FIELD, PHONE_FIELD, AlreadyRecorded, PersonDraft, enrol_many
from gdftu_app.services.sealed_places import PLACES
from gdftu_app.services.sessions import begin
from tests.factories import id_of, make_account, make_federation
from tests.workbooks_to_import import filled, id_number, member
from tests.working import open_office

OLD = "a-secret-for-tests-only-of-sufficient-length"
NEW = "the-secret-that-comes-after-it-is-long-enough-too"
PHONE, OTHER = "+8619912345678", "+8619912345679"
Configure = Callable[..., None]


@pytest.fixture
def configure(own_database, tmp_path, monkeypatch) -> Configure:
    """Set secrets and cipher of the installation whose database the test has."""
    monkeypatch.setenv("GDFTU_DATA_DIR", str(tmp_path))
    settings.cache_clear()

    def use(*, secret: str = OLD, previous: str = "", lookup: str = "", cipher: str = "aes") -> None:
        monkeypatch.setenv("GDFTU_SECRET_KEY", secret)
        monkeypatch.setenv("GDFTU_PREVIOUS_SECRET_KEYS", previous)
        monkeypatch.setenv("GDFTU_LOOKUP_SECRET_KEY", lookup)
        monkeypatch.setenv("GDFTU_CIPHER", cipher)
        settings.cache_clear()

    return use


def heads(session: Session) -> set[str]:
    """How all that is sealed begins."""
    return {
        value[:12]
        for place in PLACES
        for row in session.connection().execute(place.rows())
        for value in (getattr(row, name) for name in place.fields)
    }


def people(session: Session, count: int) -> list[Person]:
    drafts = [
        PersonDraft(name="陈一", document_number=id_number(number), phone=f"138{number:08d}") for number in range(count)
    ]
    return enrol_many(session, drafts)


def test_every_sealed_column_is_known_to_who_changes_keys():
    sealed = {
        (table.name, column.name)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, SealedText)
    }

    assert {(place.table.name, name) for place in PLACES for name in place.fields} == sealed


class TestRotate:
    def test_everything_is_sealed_with_the_new_key_and_reads_as_before(self, configure):
        configure()
        with unit_of_work() as session:
            account, _ = open_account(session, PHONE, name="黄管理")
            [person] = people(session, 1)
            post(session, PHONE, "sign_in", "验证码 123456", {"code": "123456"})
            begin(session, account, cookie=None, address="", user_agent="")
            number, account_id = id_of(person), id_of(account)
        DatabaseTokens("wechat:wx01").keep("token-1", now() + timedelta(hours=2))

        configure(secret=NEW, previous=OLD, lookup=OLD)
        assert sum(step.unreadable for step in rotate()) == 0
        configure(secret=NEW, lookup=OLD)

        with unit_of_work(reading=True) as session:
            person = session.get_one(Person, number)
            assert heads(session) == {present_key().head}
            assert unseal(DOCUMENT_FIELD, person.doc_enc or "", person.doc_bidx or "") == id_number(0)
            assert phone_of(session.get_one(Account, account_id)) == PHONE
            assert open_message(session.exec(select(OutboxMessage)).one()).values == {"code": "123456"}
            assert open_account(session, PHONE) == (session.get_one(Account, account_id), False)
        assert DatabaseTokens("wechat:wx01").find() == "token-1"

    @pytest.mark.parametrize(("earlier", "later"), [("aes", "sm4"), ("sm4", "aes")])
    def test_another_cipher_takes_over_under_the_same_secret(self, configure, earlier, later):
        configure(cipher=earlier)
        with unit_of_work() as session:
            people(session, 2)
            before = heads(session)

        configure(cipher=later)
        list(rotate())

        with unit_of_work(reading=True) as session:
            assert heads(session).isdisjoint(before)
            assert {each.cipher for each in standings(session)} == {later}

    def test_what_a_gone_key_sealed_is_left_alone_and_counted(self, configure):
        configure(secret=NEW, lookup=OLD)
        with unit_of_work() as session:
            open_account(session, PHONE)
        configure()
        with unit_of_work() as session:
            people(session, 1)

        steps = list(rotate())

        assert [step.place for step in steps if step.unreadable] == ["accounts.phone_enc"]
        with unit_of_work(reading=True) as session:
            assert [each.place for each in standings(session) if each.age is None] == ["accounts.phone_enc"]

    def test_what_somebody_writes_meanwhile_stands(self, configure, monkeypatch):
        monkeypatch.setattr(key_rotation, "AT_ONCE", 2)
        configure()
        with unit_of_work() as session:
            people(session, 6)
        configure(secret=NEW, previous=OLD, lookup=OLD)

        steps = rotate()
        next(steps)
        with unit_of_work() as session:
            last = session.exec(select(Person).order_by(col(Person.id).desc())).first()
            assert last is not None
            sealed = seal(PHONE_FIELD, OTHER)
            last.phone_enc, last.phone_bidx = sealed.enc, sealed.bidx
        list(steps)

        with unit_of_work(reading=True) as session:
            kept = session.get_one(Person, last.id)
            assert unseal(PHONE_FIELD, kept.phone_enc or "", kept.phone_bidx or "") == OTHER
            assert heads(session) == {present_key().head}

    def test_files_of_jobs_and_names_that_they_search_for_are_sealed_anew(self, configure):
        configure()
        with unit_of_work() as session:
            world = make_federation(session)
            account = id_of(make_account(session))
            name = seal(NAME_FIELD, "欧阳")
            job = Job(
                kind=JobKind.MEMBER_EXPORT,
                account_id=account,
                union_id=id_of(world.factory),
                parameters={"name": [name.enc, name.bidx]},
            )
            session.add(job)
            session.flush()
            key, number = write_sealed(b"a workbook"), id_of(job)
            enter_file(session, key, account_id=account, job_id=number, name="会员", size=10)
        before = file_store().read(key)

        configure(secret=NEW, previous=OLD, lookup=OLD)
        list(rotate())
        configure(secret=NEW, lookup=OLD)

        assert (read_sealed(key), file_store().read(key) == before) == (b"a workbook", False)
        with unit_of_work(reading=True) as session:
            assert unseal(NAME_FIELD, *session.get_one(Job, number).parameters["name"]) == "欧阳"

    def test_a_killed_rotation_is_taken_up_again(self, configure):
        configure()
        with unit_of_work() as session:
            people(session, 40)
        configure(secret=NEW, previous=OLD, lookup=OLD)
        slowly = (
            "import time\n"
            "from gdftu_app.services import key_rotation\n"
            "key_rotation.AT_ONCE = 4\n"
            "for step in key_rotation.rotate():\n    time.sleep(0.1)\n"
        )

        with subprocess.Popen([sys.executable, "-c", slowly], env=os.environ) as process:
            deadline = time.monotonic() + 60
            while _left(NEW) > 35 and time.monotonic() < deadline:
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
        between = _left(NEW)
        list(rotate())

        assert 0 < between < 40
        assert _left(NEW) == 0

    def test_it_is_refused_when_numbers_would_not_be_found(self, configure):
        configure()
        with unit_of_work() as session:
            people(session, 1)

        configure(secret=NEW, previous=OLD)

        with pytest.raises(Misconfigured, match="GDFTU_LOOKUP_SECRET_KEY"):
            list(rotate())


def _left(secret: str) -> int:
    assert settings().secret_key.get_secret_value() == secret
    with unit_of_work(reading=True) as session:
        return sum(each.rows for each in standings(session) if each.place == "persons.doc_enc" and not each.is_present)


class TestReindex:
    def test_numbers_are_found_under_the_new_secret(self, configure):
        configure()
        with unit_of_work() as session:
            account = id_of(open_account(session, PHONE)[0])
            [person] = people(session, 1)
            number = id_of(person)
            post(session, PHONE, "sign_in", "验证码 123456")
        configure(secret=NEW, previous=OLD)
        with unit_of_work(reading=True) as session:
            assert not is_found(session)

        assert sum(step.unreadable for step in reindex()) == 0

        configure(secret=NEW)
        with unit_of_work() as session:
            require_found(session)
            assert id_of(open_account(session, PHONE)[0]) == account
            assert open_message(session.exec(select(OutboxMessage)).one()).phone == PHONE
            assert heads(session) == {present_key().head}
            with pytest.raises(AlreadyRecorded):
                people(session, 1)
            assert session.get_one(Person, number).doc_bidx == blind_index("document", id_number(0))

    def test_a_broken_off_one_shows_and_is_taken_up_again(self, configure, monkeypatch):
        monkeypatch.setattr(key_rotation, "AT_ONCE", 2)
        configure()
        with unit_of_work() as session:
            people(session, 6)
        configure(secret=NEW, previous=OLD)

        next(reindex())
        with unit_of_work(reading=True) as session:
            assert not is_found(session)
        list(reindex())

        with unit_of_work(reading=True) as session:
            assert is_found(session)

    def test_an_import_that_waits_for_a_word_goes_on(self, configure):
        configure()
        office = open_office()
        content = filled([member(number) for number in range(3)])
        with unit_of_work() as session:
            people(session, 1)
            key = write_sealed(content)
            number = start_member_import(session, office.actor(session), key=key, name="会员", size=len(content))
        work_off(RUNNERS)
        configure(secret=NEW, previous=OLD)

        list(reindex())

        configure(secret=NEW)
        with unit_of_work() as session:
            confirm_import(session, office.actor(session), job_id=number)
        work_off(RUNNERS)
        with unit_of_work(reading=True) as session:
            assert session.exec(select(func.count()).select_from(Membership)).one() == 3


def test_sessions_keep_what_they_remember(configure):
    configure()
    with unit_of_work() as session:
        account, _ = open_account(session, PHONE)
        begin(session, account, cookie=None, address="", user_agent="")
        digest = session.exec(select(SignInSession.token_hash)).one()
        typed = seal("sessions.form_phone", "199", index=digest)
        session.exec(update(SignInSession).values(form_phone_enc=typed.enc))
    configure(secret=NEW, previous=OLD, lookup=OLD)

    list(rotate())

    with unit_of_work(reading=True) as session:
        row = session.exec(select(SignInSession)).one()
        assert unseal("sessions.form_phone", row.form_phone_enc or "", row.token_hash) == "199"
        assert (row.form_phone_enc or "").startswith(present_key().head)
