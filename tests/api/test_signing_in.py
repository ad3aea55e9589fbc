"""`sms-codes` and `tokens`: by code as on every other door, and ended for good."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from gdftu_app.clock import now
from gdftu_app.models.accounts import Account
from gdftu_app.models.api_tokens import ApiToken
from gdftu_app.security.api_tokens import api_token_hash
from gdftu_app.security.keys import blind_index
from gdftu_app.services.sessions import sign_out_everywhere
from tests.api.conftest import Client, Somebody, problem_of
from tests.factories import id_of
from tests.h5.test_sign_in import code_sent_to
from tests.web.world import World


class TestSigningIn:
    def test_a_phone_and_its_code_give_a_token_that_opens_the_account(self, stranger: Client, phone: str, world: World):
        asked = stranger.post("sms-codes", {"phone": phone})
        answer = stranger.post("tokens", {"phone": f"+86 {phone}", "code": code_sent_to(phone, world)})
        stranger.token = answer.json()["token"]

        assert (asked.status_code, asked.json()) == (202, {"retry_after": 60, "expires_in": 300})
        assert answer.status_code == 201
        assert answer.json().keys() == {"token", "expires_at"}
        life = datetime.fromisoformat(answer.json()["expires_at"]) - now()
        assert timedelta(days=179) < life <= timedelta(days=180)
        assert "set-cookie" not in answer.headers
        assert stranger.get("me").json()["phone"] == f"199****{phone[-4:]}"

    def test_the_first_code_opens_an_account(self, stranger: Client, world: World):
        number = "19811110001"
        stranger.post("sms-codes", {"phone": number})

        answer = stranger.post("tokens", {"phone": number, "code": code_sent_to(number, world)})
        stranger.token = answer.json()["token"]

        me = stranger.get("me").json()
        with world.open() as session:
            opened = select(Account.id).where(Account.phone_bidx == blind_index("phone", f"+86{number}"))
            assert me["id"] == session.exec(opened).one()
        assert (me["name"], me["verified"], me["membership"]) == ("", False, None)

    def test_known_and_unknown_phones_are_answered_alike(self, stranger: Client, phone: str):
        known, unknown = ({"phone": number} for number in (phone, "19811110002"))

        asked = [stranger.post("sms-codes", body).json() for body in (known, unknown)]
        wrong = [stranger.post("tokens", {**body, "code": "000000x"}).json() for body in (known, unknown)]

        assert asked[0] == asked[1]
        assert wrong[0] == wrong[1]

    def test_a_wrong_code_is_refused_and_too_many_lock_the_phone(self, stranger: Client, phone: str):
        answers = [stranger.post("tokens", {"phone": phone, "code": "000000x"}) for _ in range(6)]

        assert problem_of(answers[0])[:2] == (401, "wrong_credentials")
        assert problem_of(answers[-1])[:2] == (429, "too_many_requests")
        assert int(answers[-1].headers["retry-after"]) > 1700

    def test_asking_for_codes_too_often_is_refused(self, stranger: Client, phone: str):
        stranger.post("sms-codes", {"phone": phone})

        answer = stranger.post("sms-codes", {"phone": phone})

        assert problem_of(answer)[:2] == (429, "too_many_requests")
        assert 0 < int(answer.headers["retry-after"]) <= 60

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"phone": "19811110003"}, "code"),
            ({"code": "123456"}, "phone"),
            ({"phone": "12345", "code": "123456"}, "phone"),
            ({"wechat_code": "x"}, "phone_code"),
            ({"phone_code": "x"}, "wechat_code"),
        ],
    )
    def test_what_is_missing_or_wrong_is_told_by_its_field(self, body: dict[str, str], field: str, stranger: Client):
        status, code, fields = problem_of(stranger.post("tokens", body))

        assert (status, code, list(fields)) == (422, "invalid", [field])

    def test_without_a_mini_program_wechat_opens_nothing(self, stranger: Client):
        answer = stranger.post("tokens", {"wechat_code": "x", "phone_code": "y"})

        assert problem_of(answer)[:2] == (422, "wechat_not_offered")


class TestTheToken:
    def test_is_not_stored_and_never_logged(self, somebody: Somebody, world: World):
        client = somebody()
        before = client.served.log_size()
        client.get("me")
        client.get(f"unions?q={client.token}")

        with world.open() as session:
            row = session.exec(select(ApiToken).where(ApiToken.token_hash == api_token_hash(client.token))).one()
        assert client.token not in repr(row.model_dump())
        assert client.token[2:] not in client.served.log(since=before)

    def test_signing_out_ends_it_at_once_and_no_other(self, somebody: Somebody):
        first, other = somebody(), somebody()

        assert first.delete("tokens/current").status_code == 204

        answer = first.get("me")
        assert problem_of(answer)[:2] == (401, "signed_out")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert first.delete("tokens/current").status_code == 401
        assert other.get("me").status_code == 200

    def test_signing_out_everywhere_ends_it(self, somebody: Somebody, world: World):
        client = somebody()

        with world.open() as session:
            assert sign_out_everywhere(session, account_id=id_of(client.account)) == 1

        assert client.get("me").status_code == 401

    @pytest.mark.parametrize("change", ["idle", "old", "disabled"])
    def test_is_over_when_idle_old_or_disabled(self, change: str, somebody: Somebody, world: World):
        client = somebody()
        with world.open() as session:
            row = session.exec(select(ApiToken).where(ApiToken.token_hash == api_token_hash(client.token))).one()
            if change == "idle":
                row.last_seen_at = now() - timedelta(days=31)
            elif change == "old":
                row.expires_at = now() - timedelta(seconds=1)
            else:
                session.get_one(Account, id_of(client.account)).disabled_at = now()
            session.add(row)

        assert client.get("me").status_code == 401

    def test_is_kept_alive_by_use(self, somebody: Somebody, world: World):
        client = somebody()
        with world.open() as session:
            row = session.exec(select(ApiToken).where(ApiToken.token_hash == api_token_hash(client.token))).one()
            row.last_seen_at = now() - timedelta(days=29)

        client.get("me")

        with world.open() as session:
            row = session.exec(select(ApiToken).where(ApiToken.token_hash == api_token_hash(client.token))).one()
            assert now() - row.last_seen_at < timedelta(minutes=1)

    @pytest.mark.parametrize(
        "shown", ["Bearer", "Bearer x", f"Bearer t.{'e' * 43}", "Basic dDp4", f"t.{'e' * 43}", f"Bearer s.{'e' * 43}"]
    )
    def test_nothing_else_is_one(self, shown: str, stranger: Client):
        assert problem_of(stranger.get("me", Authorization=shown))[:2] == (401, "signed_out")

    def test_a_cookie_is_none(self, stranger: Client, world: World):
        cookie = world.sign_in("owner of the city")

        assert stranger.get("me", Cookie=f"gdftu_session={cookie}").status_code == 401
        assert stranger.get("me", Authorization=f"Bearer {cookie}").status_code == 401
