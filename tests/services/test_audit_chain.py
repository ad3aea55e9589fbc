from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from gdftu_app.config import settings
from gdftu_app.db import dialect, engine, unit_of_work
from gdftu_app.models.records import AuditEntry, AuditSeal
from gdftu_app.services import audit_chain
from gdftu_app.services.audit import record
from gdftu_app.services.audit_chain import seal_entries, verify


def write(session: Session, count: int = 1) -> None:
    for number in range(count):
        record(
            session, "articles:edit", account_id=7, subject=f"articles:{number}", detail={"标题": "通知", "n": number}
        )
    session.flush()


def sealed(session: Session) -> list[int]:
    return list(session.exec(select(AuditSeal.entry_id).order_by(col(AuditSeal.seq))).all())


def by_force(session: Session, *changes: str) -> None:
    """Change the records as somebody who owns the database could."""
    if dialect(session) == "postgresql":
        triggers = [(name, f"refuse_{name}_change") for name in ("audit_entries", "audit_seals")]
        drops = [f"DROP TRIGGER {trigger} ON {name}" for name, trigger in triggers]
    else:
        tables = ("audit_entries", "audit_seals")
        drops = [f"DROP TRIGGER refuse_{name}_{verb}" for name in tables for verb in ("update", "delete")]
    for change in (*drops, *changes):
        session.connection().execute(text(change))


OLD, NEW = "the installation's first secret which is now retired", "the installation's new secret after a rotation"
STOLEN = "another secret than the installation's own"


@pytest.fixture
def use_secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """A function that gives the installation another secret until the end of the test."""
    replaced = [settings()]

    def use(secret: str, *, previous: str = "") -> None:
        monkeypatch.setenv("GDFTU_SECRET_KEY", secret)
        monkeypatch.setenv("GDFTU_PREVIOUS_SECRET_KEYS", previous)
        settings.cache_clear()
        replaced.append(settings())

    yield use
    monkeypatch.undo()
    settings.cache_clear()


class TestSealEntries:
    def test_entries_are_sealed_in_order_once(self, session):
        write(session, 5)

        assert (seal_entries(session, limit=3), seal_entries(session), seal_entries(session)) == (3, 2, 0)
        ids = list(session.exec(select(AuditEntry.id).order_by(col(AuditEntry.id))).all())
        assert sealed(session) == ids

    def test_the_chain_is_sound_and_reports_its_head_and_tail(self, session):
        write(session, 4)
        seal_entries(session, limit=3)

        report = verify(session)

        assert report.is_sound
        assert (report.head_seq, report.sealed, report.unsealed) == (3, 3, 1)
        assert len(report.head_hash) == 43

    def test_without_entries_the_chain_is_empty_and_sound(self, session):
        report = verify(session)

        assert report.is_sound
        assert (report.head_seq, report.head_hash, report.sealed, report.unsealed) == (0, "", 0, 0)

    def test_the_chain_is_sound_across_batches(self, session, monkeypatch):
        monkeypatch.setattr(audit_chain, "BATCH", 4)
        write(session, 10)
        seal_entries(session)

        report = verify(session)

        assert (report.is_sound, report.sealed) == (True, 10)

    def test_an_entry_committed_long_after_later_ones_waits_for_the_sweep(self, session, monkeypatch):
        write(session, 6)
        ids = list(session.exec(select(AuditEntry.id).order_by(col(AuditEntry.id))).all())
        seal_entries(session)
        by_force(session, "DELETE FROM audit_seals WHERE seq = 1", "UPDATE audit_seals SET seq = seq - 1")
        monkeypatch.setattr(audit_chain, "LOOK_BACK", 3)

        assert seal_entries(session) == 0
        assert verify(session).unsealed == 1
        assert seal_entries(session, sweep=True) == 1
        assert sealed(session) == [*ids[1:], ids[0]]


class TestVerify:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE audit_entries SET verb = 'articles:view' WHERE id = {}",
            "UPDATE audit_entries SET account_id = 8 WHERE id = {}",
            "UPDATE audit_entries SET union_id = 1 WHERE id = {}",
            "UPDATE audit_entries SET subject = 'articles:9' WHERE id = {}",
            "UPDATE audit_entries SET detail = '{{}}' WHERE id = {}",
            "UPDATE audit_entries SET address = '::1' WHERE id = {}",
            "UPDATE audit_entries SET request_id = 'x' WHERE id = {}",
            "UPDATE audit_entries SET at = '2020-01-01 00:00:00.000000' WHERE id = {}",
            "UPDATE audit_seals SET hash = 'x' WHERE entry_id = {}",
            "DELETE FROM audit_seals WHERE entry_id = {}",
        ],
    )
    def test_any_change_of_a_sealed_entry_or_a_seal_shows(self, session, change):
        write(session, 5)
        seal_entries(session)
        third = sealed(session)[2]

        by_force(session, change.format(third))

        assert verify(session).first_broken == 3

    def test_an_entry_taken_out_with_its_seal_shows(self, session):
        write(session, 5)
        seal_entries(session)
        third = sealed(session)[2]

        by_force(
            session,
            f"DELETE FROM audit_seals WHERE entry_id = {third}",
            f"DELETE FROM audit_entries WHERE id = {third}",
        )

        assert verify(session).first_broken == 3

    def test_closing_the_gap_does_not_hide_it(self, session):
        write(session, 5)
        seal_entries(session)

        by_force(
            session,
            "DELETE FROM audit_seals WHERE seq = 3",
            "UPDATE audit_seals SET seq = 3 WHERE seq = 4",
            "UPDATE audit_seals SET seq = 4 WHERE seq = 5",
        )

        assert verify(session).first_broken == 3

    def test_a_beginning_that_is_cut_off_shows(self, session):
        write(session, 5)
        seal_entries(session)

        by_force(session, "DELETE FROM audit_seals WHERE seq <= 2")

        assert verify(session).first_broken == 1

    def test_two_entries_that_change_places_show(self, session):
        write(session, 3)
        seal_entries(session)
        first, second, _ = sealed(session)
        hashes = session.exec(select(AuditSeal.hash).order_by(col(AuditSeal.seq))).all()

        by_force(
            session,
            "DELETE FROM audit_seals WHERE seq IN (1, 2)",
            *(
                f"INSERT INTO audit_seals (seq, entry_id, hash) VALUES ({seq}, {entry}, '{hashes[seq - 1]}')"
                for seq, entry in ((1, second), (2, first))
            ),
        )

        assert verify(session).first_broken == 1

    def test_an_end_that_is_cut_off_shows_against_a_head_noted_before(self, session):
        write(session, 5)
        seal_entries(session)
        noted = verify(session)
        last = sealed(session)[-1]

        by_force(
            session,
            f"DELETE FROM audit_seals WHERE entry_id = {last}",
            f"DELETE FROM audit_entries WHERE id = {last}",
        )

        assert verify(session).is_sound
        assert verify(session, head=(noted.head_seq, noted.head_hash)).first_broken == 5

    def test_a_head_noted_before_stays_part_of_a_longer_chain(self, session):
        write(session, 2)
        seal_entries(session)
        noted = verify(session)
        write(session, 2)
        seal_entries(session)

        assert verify(session, head=(noted.head_seq, noted.head_hash)).is_sound
        assert verify(session, head=(noted.head_seq, "x")).first_broken == 2

    def test_without_the_key_nobody_builds_the_chain_again(self, session, use_secret):
        write(session, 3)
        use_secret(STOLEN)
        seal_entries(session)

        use_secret(OLD)

        assert verify(session).first_broken == 1

    def test_a_new_key_continues_the_chain(self, session, use_secret):
        use_secret(OLD)
        write(session, 2)
        seal_entries(session)

        use_secret(NEW, previous=OLD)
        write(session, 2)
        seal_entries(session)

        assert verify(session).is_sound

    def test_an_earlier_key_seals_nothing_after_the_present_one(self, session, use_secret):
        use_secret(NEW, previous=OLD)
        write(session, 2)
        seal_entries(session)
        use_secret(OLD)
        write(session, 1)
        seal_entries(session)

        use_secret(NEW, previous=OLD)

        assert verify(session).first_broken == 3

    def test_an_entry_that_vanished_from_under_its_seal_shows(self, own_database):
        with unit_of_work() as session:
            write(session, 3)
            seal_entries(session)
        raw = engine().raw_connection()
        cursor = raw.cursor()
        if engine().dialect.name == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("DROP TRIGGER refuse_audit_entries_delete")
        cursor.execute("DELETE FROM audit_entries WHERE id = 2")
        raw.commit()
        raw.close()
        engine().dispose()

        with unit_of_work(reading=True) as session:
            assert verify(session).first_broken == 2


@pytest.mark.parametrize("own_database", ["postgresql"], indirect=True)
class TestSeveralWriters:
    def test_an_entry_committed_after_later_ones_were_sealed_is_sealed_too(self, own_database):
        with Session(engine()) as slow:
            write(slow, 1)
            with unit_of_work() as quick:
                write(quick, 2)
            with unit_of_work() as worker:
                seal_entries(worker)
            slow.commit()

        with unit_of_work() as worker:
            assert seal_entries(worker) == 1
            assert sealed(worker) == [2, 3, 1]
            assert verify(worker).is_sound

    def test_while_one_worker_seals_another_leaves_it_alone(self, own_database):
        with unit_of_work() as session:
            write(session, 3)

        with unit_of_work() as one:
            assert seal_entries(one, limit=1) == 1
            with unit_of_work() as other:
                assert seal_entries(other) == 0

        with unit_of_work() as session:
            assert seal_entries(session) == 2
