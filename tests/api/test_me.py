"""`me` and `me/identity`: what a token's own holder is told, masked, and how they prove who they are."""

import time

import pytest
from sqlmodel import select

from gdftu_app.models.identity_checks import CheckProblem, Consent
from gdftu_app.services.consents import IDENTITY_TEXT
from gdftu_app.services.identity_checks import close
from tests.api.conftest import Client, Somebody, problem_of
from tests.factories import id_of
from tests.verifying import newest_check, passport, resident_id
from tests.web.world import World

PATIENCE_SECONDS = 20


def identity(**changed: str) -> dict[str, str]:
    usual = {
        "name": "霍未名",
        "document_type": "passport",
        "document_number": passport(),
        "consent_version": IDENTITY_TEXT.version,
    }
    return usual | changed


class TestMe:
    def test_a_member_is_told_the_membership(self, somebody: Somebody, world: World):
        me = somebody("factory").get("me").json()

        assert me.keys() == {"id", "name", "phone", "verified", "membership"}
        assert (me["name"], me["verified"]) == ("符海", True)
        assert me["phone"][3:7] == "****"
        assert me["membership"].keys() == {"union", "joined_on"}
        assert me["membership"]["union"] == {"id": world.places["factory"].id, "name": world.places["factory"].name}

    def test_who_is_no_member_has_none(self, somebody: Somebody):
        assert somebody().get("me").json()["membership"] is None

    def test_is_nobodys_without_a_token(self, stranger: Client):
        assert problem_of(stranger.get("me"))[:2] == (401, "signed_out")


class TestIdentity:
    def test_begins_with_the_text_that_is_agreed_to(self, somebody: Somebody):
        told = somebody(verified=False).get("me/identity").json()

        assert (told["status"], told["reason"]) == ("unverified", "")
        assert told["consent"] == {"version": IDENTITY_TEXT.version, "paragraphs": list(IDENTITY_TEXT.paragraphs)}

    def test_a_resident_id_is_proven_within_seconds(self, somebody: Somebody):
        client = somebody(verified=False)

        answer = client.post("me/identity", identity(document_type="resident_id", document_number=resident_id()))

        assert (answer.status_code, answer.json()) == (202, {"status": "pending"})
        until = time.monotonic() + PATIENCE_SECONDS
        while not client.get("me").json()["verified"] and time.monotonic() < until:
            time.sleep(0.2)
        assert client.get("me").json()["name"] == "霍未名"
        assert client.get("me/identity").json()["status"] == "verified"
        assert problem_of(client.post("me/identity", identity()))[:2] == (409, "already_verified")

    def test_another_document_waits_for_an_administrator_and_the_consent_is_kept(
        self, somebody: Somebody, world: World
    ):
        client = somebody(verified=False)

        answer = client.post("me/identity", identity())

        assert (answer.status_code, answer.json()) == (202, {"status": "manual"})
        assert problem_of(client.post("me/identity", identity()))[:2] == (409, "check_open")
        with world.open() as session:
            mine = select(Consent).where(Consent.account_id == id_of(client.account))
            assert [given.channel for given in session.exec(mine)] == ["api"]

    def test_a_failure_is_told_with_its_reason(self, somebody: Somebody, world: World):
        client = somebody(verified=False)
        client.post("me/identity", identity())
        with world.open() as session:
            check = newest_check(session, client.account)
            check.remark = "照片不清楚"
            close(check, CheckProblem.REJECTED, decided_by_id=world.residents["owner of the city"].account_id)

        told = client.get("me/identity").json()

        assert told["status"] == "failed"
        assert told["reason"].endswith("照片不清楚")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "1"),
            ("document_type", "library_card"),
            ("document_number", "440101"),
            ("consent_version", ""),
            ("consent_version", "1999-01"),
        ],
    )
    def test_what_is_wrong_is_told_by_its_field(self, field: str, value: str, somebody: Somebody):
        usual = identity(document_type="resident_id", document_number=resident_id())

        status, code, fields = problem_of(somebody(verified=False).post("me/identity", usual | {field: value}))

        assert (status, code, list(fields)) == (422, "invalid", [field])
