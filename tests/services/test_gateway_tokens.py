from datetime import timedelta

from sqlmodel import select

from gdftu_app.clock import frozen_at, now
from gdftu_app.db import unit_of_work
from gdftu_app.models.records import GatewayToken
from gdftu_app.services.gateway_tokens import DatabaseTokens

TOKENS = DatabaseTokens("wechat:wx01")


class TestDatabaseTokens:
    def test_what_one_worker_keeps_another_finds_until_it_expires(self, own_database):
        assert TOKENS.find() is None

        TOKENS.keep("token-1", now() + timedelta(hours=2))

        assert DatabaseTokens("wechat:wx01").find() == "token-1"
        with frozen_at(now() + timedelta(hours=2, seconds=1)):
            assert TOKENS.find() is None

    def test_a_new_token_takes_the_place_of_the_former(self, own_database):
        for token in ("token-1", "token-2"):
            TOKENS.keep(token, now() + timedelta(hours=2))

        assert TOKENS.find() == "token-2"

    def test_the_tokens_of_another_app_are_its_own(self, own_database):
        TOKENS.keep("token-1", now() + timedelta(hours=2))

        assert DatabaseTokens("wechat:wx02").find() is None

    def test_it_lies_sealed_and_bound_to_its_app(self, own_database):
        TOKENS.keep("token-1", now() + timedelta(hours=2))

        with unit_of_work() as session:
            kept = session.exec(select(GatewayToken)).one()
            assert "token-1" not in str(kept.model_dump())
            moved = GatewayToken(client="wechat:wx02", token_enc=kept.token_enc, expires_at=kept.expires_at)
            session.add(moved)
        assert DatabaseTokens("wechat:wx02").find() is None
