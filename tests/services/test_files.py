"""Private files kept, handed in, kept longer and let go."""

from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput
from gdftu_app.integrations.file_store import Missing, file_store, thumbnail_of
from gdftu_app.models.files import StoredFile
from gdftu_app.models.records import AuditEntry
from gdftu_app.queries.files import find_file, waiting_bytes
from gdftu_app.services.file_examination import examine
from gdftu_app.services.files import (
    FileLost,
    TooMuchWaiting,
    attach,
    attach_again,
    discard,
    enter,
    hand_in,
    keep_bytes,
    keep_upload,
    prolong,
    take,
)
from tests.attachments import PDF, bucket, drawing, photo
from tests.clouds import installed
from tests.factories import id_of, make_account

REGISTRATION, OTHER = "registrations:1", "registrations:2"


@pytest.fixture
def account_id(session: Session) -> int:
    return id_of(make_account(session))


@pytest.fixture
def kept(session: Session, account_id: int):
    """A photo that the account has just uploaded."""
    return keep_upload(session, account_id=account_id, name="营业执照.jpg", content=photo())


def row_of(session: Session, key: str) -> StoredFile:
    return session.exec(select(StoredFile).where(StoredFile.key == key)).one()


@contextmanager
def refused(field: str):
    with pytest.raises(FileLost, match="附件已失效，请重新上传。") as caught:
        yield
    assert caught.value.field == field


class TestKeepUpload:
    def test_keeps_bytes_small_picture_and_row(self, session, account_id, kept):
        row = row_of(session, kept.key)

        assert (kept.name, kept.content_type, kept.has_thumbnail) == ("营业执照.jpg", "image/jpeg", True)
        assert len(file_store().read(kept.key)) == kept.size == row.size
        assert file_store().read(thumbnail_of(kept.key))
        assert (row.account_id, row.width, row.height, row.subject) == (account_id, 320, 200, "")

    def test_keeps_a_pdf_without_a_small_picture(self, session, account_id):
        kept = keep_upload(session, account_id=account_id, name="证.pdf", content=PDF)

        assert (kept.content_type, kept.has_thumbnail, kept.size) == ("application/pdf", False, len(PDF))
        assert file_store().read(kept.key) == PDF

    def test_of_what_is_refused_keeps_nothing(self, session, account_id):
        with pytest.raises(InvalidInput):
            keep_upload(session, account_id=account_id, name="证.png", content=b"<script>")

        assert session.exec(select(StoredFile)).all() == []

    def test_twice_keeps_two_files_that_know_nothing_of_each_other(self, session, account_id, kept):
        again = keep_upload(session, account_id=account_id, name="营业执照.jpg", content=photo())

        attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="certificate")

        assert again.key != kept.key
        assert row_of(session, again.key).subject == ""

    def test_lasts_a_day_unless_something_comes_of_it(self, session, account_id):
        with frozen_at(now()):
            kept = keep_upload(session, account_id=account_id, name="a.png", content=drawing())

            travel(timedelta(hours=23))
            assert find_file(session, account_id=account_id, key=kept.key) is not None
            travel(timedelta(hours=2))
            assert find_file(session, account_id=account_id, key=kept.key) is None

    def test_is_in_the_audit_without_the_files_name(self, session, account_id, kept):
        entry = session.exec(select(AuditEntry).where(AuditEntry.verb == "files:upload")).one()

        assert (entry.account_id, entry.subject) == (account_id, f"files:{row_of(session, kept.key).id}")
        assert entry.detail == {"content_type": "image/jpeg", "size": kept.size}

    def test_a_transaction_that_comes_to_nothing_leaves_only_bytes(self, own_database):
        with unit_of_work() as session:
            account_id = id_of(make_account(session))
        examined = examine("a.png", drawing())
        key = keep_bytes(examined)

        with suppress(ZeroDivisionError), unit_of_work() as session:
            enter(session, account_id=account_id, key=key, examined=examined)
            session.exec(select(1 // 0))

        assert file_store().read(key)
        with unit_of_work(reading=True) as session:
            assert session.exec(select(StoredFile)).all() == []
            assert find_file(session, account_id=account_id, key=key) is None


class TestRoom:
    @pytest.fixture
    def narrow(self):
        with installed(uploads_waiting_mb=5):
            yield

    @pytest.fixture
    def full(self, session, account_id, narrow):
        keep_upload(session, account_id=account_id, name="a.pdf", content=_pdf_of(3_000_000))

    def test_ends_somewhere(self, session, account_id, full):
        with pytest.raises(TooMuchWaiting) as caught:
            keep_upload(session, account_id=account_id, name="b.pdf", content=_pdf_of(3_000_000))

        assert caught.value.text("zh-CN").startswith("上传后没有提交的文件已达 5 MB。")
        assert waiting_bytes(session, account_id=account_id) == 3_000_000

    def test_is_each_accounts_own(self, session, full):
        other = id_of(make_account(session))

        assert keep_upload(session, account_id=other, name="b.pdf", content=_pdf_of(3_000_000))

    def test_is_free_again_for_what_was_handed_in_or_let_go(self, session, account_id, full):
        first = session.exec(select(StoredFile)).one()
        attach(session, account_id=account_id, key=first.key, subject=REGISTRATION, field="f")
        second = keep_upload(session, account_id=account_id, name="b.pdf", content=_pdf_of(3_000_000))
        discard(session, account_id=account_id, key=second.key)

        assert keep_upload(session, account_id=account_id, name="c.pdf", content=_pdf_of(3_000_000))


class TestAttach:
    def test_gives_the_file_to_what_it_belongs_to_for_good(self, session, account_id, kept):
        number = attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="certificate")

        row = row_of(session, kept.key)
        assert (row.id, row.subject, row.kept_until) == (number, REGISTRATION, None)

    def test_twice_to_the_same_is_once(self, session, account_id, kept):
        numbers = {
            attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="certificate")
            for _ in range(2)
        }

        assert len(numbers) == 1

    def test_to_something_else_is_refused(self, session, account_id, kept):
        attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="certificate")

        with refused("union_certificate"):
            attach(session, account_id=account_id, key=kept.key, subject=OTHER, field="union_certificate")
        assert row_of(session, kept.key).subject == REGISTRATION

    def test_of_another_accounts_file_is_refused(self, session, kept):
        stranger = id_of(make_account(session))

        with refused("certificate"):
            attach(session, account_id=stranger, key=kept.key, subject=REGISTRATION, field="certificate")
        assert row_of(session, kept.key).subject == ""

    @pytest.mark.parametrize("key", ["", "A" * 43, "../../etc/passwd", "x" * 5000])
    def test_of_no_file_is_refused(self, key: str, session, account_id):
        with refused("certificate"):
            attach(session, account_id=account_id, key=key, subject=REGISTRATION, field="certificate")

    def test_after_its_time_is_refused(self, session, account_id):
        with frozen_at(now()):
            kept = keep_upload(session, account_id=account_id, name="a.png", content=drawing())
            travel(timedelta(hours=25))

            with refused("certificate"):
                attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="certificate")


class TestAttachAgain:
    def test_copies_a_file_of_an_earlier_request(self, session, account_id, kept):
        first = attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="certificate")

        second = attach_again(session, account_id=account_id, key=kept.key, subject=OTHER, field="certificate")

        copy = session.get_one(StoredFile, second)
        assert second != first
        assert copy.key != kept.key
        assert (copy.subject, copy.kept_until) == (OTHER, None)
        assert (copy.name, copy.size, copy.width, copy.has_thumbnail) == (kept.name, kept.size, 320, True)
        assert file_store().read(copy.key) == file_store().read(kept.key)
        assert file_store().read(thumbnail_of(copy.key)) == file_store().read(thumbnail_of(kept.key))
        assert row_of(session, kept.key).subject == REGISTRATION

    def test_takes_a_new_file_as_it_is_and_twice_is_once(self, session, account_id, kept):
        numbers = {
            attach_again(session, account_id=account_id, key=kept.key, subject=OTHER, field="certificate")
            for _ in range(2)
        }

        assert numbers == {row_of(session, kept.key).id}

    def test_of_another_accounts_file_is_refused(self, session, account_id, kept):
        attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="certificate")
        stranger = id_of(make_account(session))

        with refused("certificate"):
            attach_again(session, account_id=stranger, key=kept.key, subject=OTHER, field="certificate")

    def test_of_a_file_without_bytes_is_refused(self, session, account_id, kept):
        attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="certificate")
        file_store().delete(kept.key)

        with refused("certificate"):
            attach_again(session, account_id=account_id, key=kept.key, subject=OTHER, field="certificate")


class TestTakeAndHandIn:
    def test_serve_a_row_that_has_no_id_yet(self, session, account_id, kept):
        number = take(session, account_id=account_id, key=kept.key, field="certificate")
        hand_in(session, file_ids=[number], subject=REGISTRATION)

        assert attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="f") == number

    def test_of_what_belongs_to_something_already_is_a_copy(self, session, account_id, kept):
        first = attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="f")

        number = take(session, account_id=account_id, key=kept.key, field="certificate")
        hand_in(session, file_ids=[number], subject=OTHER)

        assert number != first
        assert {session.get_one(StoredFile, each).subject for each in (first, number)} == {REGISTRATION, OTHER}

    def test_take_nothing_that_is_not_the_accounts_own(self, session, kept):
        with refused("certificate"):
            take(session, account_id=id_of(make_account(session)), key=kept.key, field="certificate")

    def test_take_nothing_whose_time_is_over(self, session, account_id, kept):
        discard(session, account_id=account_id, key=kept.key)

        with refused("certificate"):
            take(session, account_id=account_id, key=kept.key, field="certificate")

    def test_hand_in_nothing_that_belongs_to_something_else(self, session, account_id, kept):
        number = attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="f")

        hand_in(session, file_ids=[number], subject=OTHER)

        assert row_of(session, kept.key).subject == REGISTRATION


class TestProlong:
    def test_keeps_files_of_a_draft_for_thirty_days_more(self, session, account_id):
        with frozen_at(now()):
            kept = keep_upload(session, account_id=account_id, name="a.png", content=drawing())

            prolong(session, account_id=account_id, keys=[kept.key, "", "A" * 43])

            assert row_of(session, kept.key).kept_until == now() + timedelta(days=30)

    def test_changes_no_file_of_others_and_none_that_was_handed_in(self, session, account_id, kept):
        before = row_of(session, kept.key).kept_until
        prolong(session, account_id=id_of(make_account(session)), keys=[kept.key])
        assert row_of(session, kept.key).kept_until == before

        attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="f")
        prolong(session, account_id=account_id, keys=[kept.key])
        assert row_of(session, kept.key).kept_until is None

    def test_brings_nothing_back(self, session, account_id, kept):
        discard(session, account_id=account_id, key=kept.key)

        prolong(session, account_id=account_id, keys=[kept.key])

        assert find_file(session, account_id=account_id, key=kept.key) is None


class TestDiscard:
    def test_hides_the_file_at_once_and_is_in_the_audit(self, session, account_id, kept):
        discard(session, account_id=account_id, key=kept.key)

        assert find_file(session, account_id=account_id, key=kept.key) is None
        assert len(session.exec(select(AuditEntry).where(AuditEntry.verb == "files:discard")).all()) == 1

    def test_changes_no_file_of_others_and_none_that_was_handed_in(self, session, account_id, kept):
        discard(session, account_id=id_of(make_account(session)), key=kept.key)
        assert find_file(session, account_id=account_id, key=kept.key) is not None

        attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="f")
        discard(session, account_id=account_id, key=kept.key)
        assert row_of(session, kept.key).kept_until is None


def test_a_bucket_serves_as_a_folder_does(session, account_id):
    with bucket() as configured, installed(**configured):
        kept = keep_upload(session, account_id=account_id, name="证.jpg", content=photo())
        attach(session, account_id=account_id, key=kept.key, subject=REGISTRATION, field="f")
        again = attach_again(session, account_id=account_id, key=kept.key, subject=OTHER, field="f")

        assert len(file_store().read(kept.key)) == kept.size
        copy = session.exec(select(StoredFile.key).where(col(StoredFile.id) == again)).one()
        assert file_store().read(copy) == file_store().read(kept.key)
    with pytest.raises(Missing):
        file_store().read(kept.key)


def _pdf_of(size: int) -> bytes:
    comment = b"%" + b"x" * (size - len(PDF) - 2) + b"\n"
    return PDF[:9] + comment + PDF[9:]
