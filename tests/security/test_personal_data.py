"""Sealed values: opened only in their place and with their key."""

import pytest

from gdftu_app.config import settings
from gdftu_app.security.personal_data import Unsealable, seal, unseal

PHONE = "+8619912345678"


@pytest.fixture
def configured(monkeypatch):
    """Set GDFTU_… settings for one test."""

    def configure(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"GDFTU_{name.upper()}", value)
        settings.cache_clear()

    yield configure
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_a_sealed_value_opens_in_its_own_place(configured, cipher):
    configured(cipher=cipher)

    sealed = seal("persons.phone", PHONE)

    assert PHONE not in sealed.enc
    assert sealed.enc.startswith("v1:")
    assert unseal("persons.phone", sealed.enc, sealed.bidx) == PHONE


def test_the_same_value_is_sealed_differently_each_time_but_found_by_one_index():
    first, second = seal("persons.phone", PHONE), seal("accounts.phone", PHONE)

    assert first.enc != second.enc
    assert first.bidx == second.bidx


def test_an_index_of_another_kind_says_nothing_about_the_value():
    assert seal("persons.phone", PHONE).bidx != seal("persons.document", PHONE).bidx


@pytest.mark.parametrize("field", ["accounts.phone", "persons.document"])
def test_a_value_moved_into_another_column_does_not_open(field):
    sealed = seal("persons.phone", PHONE)

    with pytest.raises(Unsealable):
        unseal(field, sealed.enc, sealed.bidx)


def test_a_value_moved_into_another_row_does_not_open():
    sealed, other = seal("persons.phone", PHONE), seal("persons.phone", "+8619987654321")

    with pytest.raises(Unsealable):
        unseal("persons.phone", sealed.enc, other.bidx)


@pytest.mark.parametrize(
    "damage", [lambda enc: enc[:-2] + "AA", lambda enc: "v2" + enc[2:], lambda _enc: "", lambda _enc: "v1:x"]
)
def test_a_damaged_value_does_not_open(damage):
    sealed = seal("persons.phone", PHONE)

    with pytest.raises(Unsealable):
        unseal("persons.phone", damage(sealed.enc), sealed.bidx)


def test_what_the_other_cipher_sealed_stays_readable(configured):
    configured(cipher="sm4")
    sealed = seal("persons.phone", PHONE)

    configured(cipher="aes")

    assert unseal("persons.phone", sealed.enc, sealed.bidx) == PHONE


def test_what_an_earlier_secret_sealed_stays_readable_while_it_is_listed(configured):
    sealed = seal("persons.phone", PHONE)
    former = settings().secret_key.get_secret_value()

    configured(secret_key="another-secret-that-is-long-enough-as-well", previous_secret_keys=former)

    assert unseal("persons.phone", sealed.enc, sealed.bidx) == PHONE
    configured(previous_secret_keys="")
    with pytest.raises(Unsealable):
        unseal("persons.phone", sealed.enc, sealed.bidx)
