"""Secrets are given up, and the chain that they sealed can still be checked."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session, col, select

from gdftu_app.config import settings
from gdftu_app.models.records import AuditSeal
from gdftu_app.services.audit import record
from gdftu_app.services.audit_chain import seal_entries, verify
from gdftu_app.services.audit_keys import RETIRE, are_retired, retire_keys

FIRST, SECOND, THIRD = (
    f"the {number} secret of the installation which is long enough" for number in ("1st", "2nd", "3rd")
)


@pytest.fixture
def use_secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """A function that gives the installation another secret until the end of the test."""

    def use(secret: str, *, previous: str = "") -> None:
        monkeypatch.setenv("GDFTU_SECRET_KEY", secret)
        monkeypatch.setenv("GDFTU_PREVIOUS_SECRET_KEYS", previous)
        settings.cache_clear()

    yield use
    monkeypatch.undo()
    settings.cache_clear()


def sealed_entries(session: Session, count: int = 2) -> None:
    for number in range(count):
        record(session, "articles:edit", subject=f"articles:{number}")
    session.flush()
    seal_entries(session)


def test_a_secret_given_up_is_missed_unless_its_key_was_told(session, use_secret):
    use_secret(FIRST)
    sealed_entries(session)
    use_secret(SECOND, previous=FIRST)
    sealed_entries(session)

    use_secret(SECOND)

    assert verify(session).first_broken == 1


def test_told_keys_check_what_they_sealed_through_several_changes(session, use_secret):
    use_secret(FIRST)
    sealed_entries(session)
    for secret, earlier in ((SECOND, FIRST), (THIRD, SECOND)):
        use_secret(secret, previous=earlier)
        assert (retire_keys(session), retire_keys(session)) == (1, 0)
        sealed_entries(session)

    use_secret(THIRD)

    assert verify(session).is_sound


def test_a_key_may_be_given_up_when_its_telling_is_sealed(session, use_secret):
    use_secret(FIRST)
    sealed_entries(session)
    use_secret(SECOND, previous=FIRST)
    assert not are_retired(session)

    retire_keys(session)
    assert not are_retired(session)
    seal_entries(session)

    assert are_retired(session)


def test_a_key_cannot_vouch_for_itself(session, use_secret):
    use_secret(SECOND, previous=FIRST)
    retire_keys(session)
    use_secret(FIRST)
    sealed_entries(session)

    use_secret(SECOND)

    assert verify(session).first_broken == 1


def test_two_told_keys_cannot_vouch_for_each_other(session, use_secret):
    use_secret(THIRD, previous=FIRST)
    retire_keys(session)
    use_secret(SECOND)
    seal_entries(session)
    use_secret(THIRD, previous=f"{FIRST},{SECOND}")
    retire_keys(session)
    use_secret(FIRST)
    seal_entries(session)

    use_secret(THIRD)

    assert len(session.exec(select(AuditSeal).order_by(col(AuditSeal.seq))).all()) == 2
    assert verify(session).first_broken == 1


def test_an_entry_that_tells_nonsense_is_no_key(session, use_secret):
    use_secret(FIRST)
    for told in ({"key": "A"}, {"key": 7}, {}):
        record(session, RETIRE, subject="audit_seals", detail=told)

    sealed_entries(session)

    assert verify(session).is_sound
