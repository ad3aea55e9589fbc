"""Private files over HTTP: who gets what, and how."""

from itertools import count
from urllib.parse import quote

import pytest
from sqlmodel import select

from gdftu_app.clock import now
from gdftu_app.models.accounts import Administrator
from gdftu_app.models.files import StoredFile
from gdftu_app.models.registrations import Registration
from gdftu_app.services.files import attach
from tests.attachments import (
    PDF,
    drawing,
    is_red_above,
    opened,
    photo,
)
from tests.serving import Served
from tests.web.conftest import APPLICANT, Send
from tests.web.world import World

REVIEWER = "reviewer of the city"
_numbers = count(7100)


class TestDownload:
    def test_gives_the_picture_without_its_notes_and_lets_it_do_nothing(self, send: Send, fetch: Send):
        kept = send(photo(orientation=3)).json()

        answer = fetch(kept["key"])

        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert len(answer.content) == kept["size"]
        assert not opened(answer.content).getexif()
        assert not is_red_above(opened(answer.content))
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["content-disposition"].startswith("inline; ")

    def test_gives_a_small_picture(self, send: Send, fetch: Send):
        kept = send(drawing(2000, 1000), "图.png").json()

        answer = fetch(kept["key"], query="?thumbnail=1")

        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert opened(answer.content).size == (480, 240)
        assert answer.headers["cache-control"] == "no-store"

    def test_gives_a_pdf_as_it_is_and_no_small_picture_of_it(self, send: Send, fetch: Send):
        kept = send(PDF, "登记证.pdf").json()

        answer = fetch(kept["key"])

        assert (answer.headers["content-type"], answer.content) == ("application/pdf", PDF)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert fetch(kept["key"], query="?thumbnail=1").status_code == 404

    def test_ignores_what_else_is_asked(self, send: Send, fetch: Send):
        kept = send(photo()).json()

        assert len(fetch(kept["key"], query="?thumbnail=0&x=../..").content) == kept["size"]

    @pytest.mark.parametrize(
        "key",
        ["A" * 43, "a", "%00" * 43, "..%2F..%2Fetc%2Fpasswd", "x" * 3000, quote("甲" * 43), "A" * 42 + "%0A"],
    )
    def test_finds_nothing_by_guessing(self, key: str, fetch: Send):
        answer = fetch(key)

        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")

    def test_of_a_file_that_was_not_handed_in_is_its_uploaders_alone(self, send: Send, fetch: Send, world: World):
        key = send(photo()).json()["key"]

        others = [None, *(name for name in world.residents if name != APPLICANT)]
        assert {name: fetch(key, by=name).status_code for name in others} == dict.fromkeys(others, 404)
        assert fetch(key, by="owner of the province", query="?thumbnail=1").status_code == 404

    def test_of_a_registration_is_the_applicants_and_the_reviewing_unions(self, send: Send, fetch: Send, world: World):
        key = _handed_in(world, send(photo()).json()["key"])

        answers = {name: fetch(key, by=name).status_code for name in (None, *world.residents)}

        may = {APPLICANT, REVIEWER, "owner of the city"}
        assert answers == {name: 200 if name in may else 404 for name in answers}

    def test_ends_with_the_dismissal(self, send: Send, fetch: Send, world: World):
        key = _handed_in(world, send(photo()).json()["key"])
        assert fetch(key, by=REVIEWER).status_code == 200
        account_id = world.residents[REVIEWER].account_id

        with world.open() as session:
            grant = session.exec(select(Administrator).where(Administrator.account_id == account_id)).one()
            grant.dismissed_at = now()
            session.add(grant)
        try:
            assert fetch(key, by=REVIEWER).status_code == 404
        finally:
            with world.open() as session:
                grant = session.exec(select(Administrator).where(Administrator.account_id == account_id)).one()
                grant.dismissed_at = None
                session.add(grant)

    def test_of_a_row_without_bytes_is_not_found_and_logged(self, fetch: Send, served: Served, world: World):
        key, logged = "Q" * 43, served.log_size()
        with world.open() as session:
            session.add(
                StoredFile(
                    key=key,
                    account_id=world.residents[APPLICANT].account_id,
                    content_type="image/png",
                    name="a.png",
                    size=1,
                    kept_until=now().replace(year=now().year + 1),
                )
            )

        assert fetch(key).status_code == 404
        assert "a file has a row and no bytes" in served.log(since=logged)


def _handed_in(world: World, key: str) -> str:
    """Let the applicant submit a registration with the file to the city."""
    number = next(_numbers)
    with world.open() as session:
        account_id = world.residents[APPLICANT].account_id
        file_id = attach(session, account_id=account_id, key=key, subject=f"registrations:{number}", field="f")
        session.add(
            Registration(
                id=number,
                reviewing_union_id=world.places["city"].id,
                submitted_by_id=account_id,
                employer_name="新厂",
                employer_uscc=f"9144{number}MA5TEST",
                employer_certificate_id=file_id,
                union_name="新厂工会委员会",
            )
        )
    return key
