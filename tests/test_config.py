"""Settings: what production refuses, and where the secret comes from."""

import stat

import pytest
from pydantic import SecretStr

from gdftu_app.config import Environment, Settings, origins, settings
from gdftu_app.errors import Misconfigured

LONG = SecretStr("x" * 40)


def production(**values):
    return Settings(_env_file=None, env=Environment.PRODUCTION, **values)  # pyright: ignore[reportCallIssue]  (pydantic-settings' own argument)


def test_production_without_a_secret_is_refused():
    with pytest.raises(Misconfigured, match="GDFTU_SECRET_KEY"):
        production(secret_key=SecretStr("")).master_secret()


def test_a_short_secret_is_refused():
    with pytest.raises(Misconfigured, match="GDFTU_SECRET_KEY"):
        production(secret_key=SecretStr("short")).master_secret()


def test_a_demo_makes_its_secret_once_and_keeps_it_to_itself(tmp_path):
    demo = Settings(_env_file=None, secret_key=SecretStr(""), data_dir=tmp_path)  # pyright: ignore[reportCallIssue]  (pydantic-settings' own argument)

    secret = demo.master_secret()

    assert demo.master_secret() == secret
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


class TestOrigins:
    @pytest.fixture
    def configure(self, monkeypatch):
        def configure(**values):
            for name, value in values.items():
                monkeypatch.setenv(name, value)
            settings.cache_clear()

        yield configure
        monkeypatch.undo()
        settings.cache_clear()

    def test_production_names_its_public_address(self, configure):
        configure(GDFTU_ENV="production", GDFTU_PUBLIC_URL="https://console.example.org/")

        assert origins() == ["https://console.example.org"]

    def test_production_without_one_is_refused(self, configure):
        configure(GDFTU_ENV="production", GDFTU_PUBLIC_URL="")

        with pytest.raises(Misconfigured, match="GDFTU_PUBLIC_URL"):
            origins()

    def test_production_refuses_every_origin_at_once(self, configure):
        configure(GDFTU_ENV="production", GDFTU_PUBLIC_URL="https://console.example.org", GDFTU_ALLOWED_ORIGINS="*")

        with pytest.raises(Misconfigured, match="GDFTU_ALLOWED_ORIGINS"):
            origins()

    def test_a_demo_is_reached_at_this_machine(self, configure):
        configure(PORT="3456", HOST="127.0.0.1")

        assert {"http://127.0.0.1:3456", "http://localhost:3456"} <= set(origins())
