"""The device cookie: what it proves, to whom, and that nothing else passes for it."""

import re
from base64 import urlsafe_b64encode

import pytest

from gdftu_app.config import settings
from gdftu_app.security.devices import failures_key, is_known_device, new_device_cookie
from gdftu_app.security.keys import blind_index

MINE, OTHERS = (blind_index("phone", f"+8619900000{number}") for number in ("001", "002"))


class TestADeviceCookie:
    def test_is_random_and_names_nothing(self):
        first, second = new_device_cookie(MINE), new_device_cookie(MINE)

        assert first != second
        assert re.fullmatch(r"d\.[\w-]{22}\.[\w-]{43}", first, re.ASCII)
        assert MINE not in first

    def test_is_known_for_the_phone_it_was_given_for_and_no_other(self):
        cookie = new_device_cookie(MINE)

        assert is_known_device(cookie, MINE)
        assert not is_known_device(cookie, OTHERS)

    @pytest.mark.parametrize("place", [2, 10, 23, 25, 40, 66])
    def test_that_was_changed_anywhere_is_unknown(self, place: int):
        cookie = new_device_cookie(MINE)
        changed = cookie[:place] + ("A" if cookie[place] != "A" else "B") + cookie[place + 1 :]

        assert not is_known_device(changed, MINE)

    @pytest.mark.parametrize(
        "cookie",
        ["", "d", "d..", "d." + "a" * 22 + "." + "a" * 43, "v.x.y", "d." + "ａ" * 22 + "." + "a" * 43, "\0" * 68],
    )
    def test_that_nobody_gave_is_unknown(self, cookie: str):
        assert not is_known_device(cookie, MINE)

    def test_with_anything_added_is_unknown(self):
        cookie = new_device_cookie(MINE)

        assert not any(
            is_known_device(other, MINE) for other in (f"{cookie}\n", f" {cookie}", f"{cookie}=", cookie * 2)
        )

    def test_of_another_installation_is_unknown(self, monkeypatch: pytest.MonkeyPatch):
        cookie = new_device_cookie(MINE)
        monkeypatch.setenv("GDFTU_SECRET_KEY", "another-secret-of-another-installation")
        settings.cache_clear()

        known = is_known_device(cookie, MINE)

        monkeypatch.undo()
        settings.cache_clear()
        assert not known

    def test_cannot_be_made_from_what_is_stored(self):
        key = failures_key(new_device_cookie(MINE), MINE)

        assert not is_known_device(f"d.{'a' * 22}.{key}", MINE)
        assert not is_known_device(f"d.{urlsafe_b64encode(b'a' * 16).decode().rstrip('=')}.{key}", MINE)


class TestTheFailuresKey:
    def test_is_the_phones_for_all_strangers_together(self):
        keys = {failures_key(cookie, MINE) for cookie in ("", "x", new_device_cookie(OTHERS))}

        assert keys == {MINE}

    def test_is_each_known_devices_own(self):
        first, second = new_device_cookie(MINE), new_device_cookie(MINE)

        keys = {failures_key(first, MINE), failures_key(second, MINE)}

        assert len(keys | {MINE}) == 3
        assert failures_key(first, MINE) in keys

    def test_tells_neither_phone_nor_cookie(self):
        cookie = new_device_cookie(MINE)

        key = failures_key(cookie, MINE)

        assert len(key) == 43
        assert not [part for part in (MINE, *cookie.split(".")[1:]) if part in key]
