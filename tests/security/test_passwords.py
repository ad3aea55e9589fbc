import pytest
from argon2 import PasswordHasher

from gdftu_app.security.passwords import hash_password, needs_rehash, verify_password

PASSWORD = "Gonghui@2026demo"


class TestVerifyPassword:
    def test_the_right_password_opens(self):
        stored = hash_password(PASSWORD)

        assert verify_password(stored, PASSWORD)

    @pytest.mark.parametrize("wrong", ["", "gonghui@2026demo", PASSWORD + " ", "\ud800", "密码" * 500])
    def test_any_other_does_not(self, wrong):
        stored = hash_password(PASSWORD)

        assert not verify_password(stored, wrong)

    @pytest.mark.parametrize("stored", [None, "", "nonsense", "$argon2id$v=19$m=1,t=1,p=1$x$y"])
    def test_without_a_readable_hash_nothing_opens(self, stored):
        assert not verify_password(stored, PASSWORD)

    def test_full_width_letters_are_the_same_password(self):
        stored = hash_password("Ｇonghui＠２０２６demo")

        assert verify_password(stored, PASSWORD)


class TestHashPassword:
    def test_two_hashes_of_one_password_differ(self):
        assert hash_password(PASSWORD) != hash_password(PASSWORD)

    def test_it_is_argon2id_with_the_owasp_parameters(self):
        assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


class TestNeedsRehash:
    def test_a_fresh_hash_is_up_to_date(self):
        assert not needs_rehash(hash_password(PASSWORD))

    def test_a_weaker_hash_is_renewed(self):
        weaker = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)

        assert needs_rehash(weaker)
        assert verify_password(weaker, PASSWORD)
