"""The canary: what is personal or secret in the stories stands in the clear in no log, address, state or table.

`conftest.py` lets it run last in this folder, so that it searches what the others have left behind:
those of its own process, where there are several.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import expect
from sqlalchemy import make_url
from sqlmodel import Session, SQLModel, col, select

from gdftu_app.models.accounts import Account
from gdftu_app.models.people import Person
from gdftu_app.security.personal_data import unseal
from gdftu_app.services.demo.people import DEMO_PASSWORD
from tests.browser.browsing import fill_sign_in, heading
from tests.browser.conftest import NewWindow
from tests.browser.demo_data import Demo
from tests.browser.test_verifying import hand_in, review, sign_in_on_the_phone
from tests.serving import Served
from tests.verifying import passport, resident_id

WRONG_PASSWORD = "Canary#2026-wrong-one"
PHONES, RESIDENT_IDS = re.compile(rb"(?=(1[3-9]\d{9}))"), re.compile(rb"(?=(\d{17}[\dXx]))")
# Six digits are a code only where no moment stands.
MOMENTS, CODES = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+"), re.compile(r"(?<![\w.-])\d{6}(?![\w.-])")
SEALED_OR_DIGEST = ("_enc", "_bidx", "_hash", "_digest", "hash")


@dataclass(frozen=True, slots=True)
class Left:
    """What the stories have left behind: bytes, by where they were found."""

    places: dict[str, bytes]
    codes: frozenset[str]
    secrets: frozenset[str]

    def holding(self, secrets: Iterable[str]) -> list[str]:
        """Where any of these stands in the clear."""
        return [
            f"{secret[:4]}… in {place}"
            for secret in secrets
            for place, kept in self.places.items()
            if secret.encode() in kept
        ]


@pytest.fixture(scope="module")
def known(demo: Demo) -> tuple[set[bytes], set[bytes]]:
    """The phones and resident IDs of everybody in the database."""
    with Session(demo.engine) as session:
        accounts = session.exec(select(Account.phone_enc, Account.phone_bidx)).all()
        people = session.exec(select(Person).where(col(Person.doc_bidx).is_not(None))).all()
        phones = {unseal("accounts.phone", *sealed) for sealed in accounts}
        phones |= {unseal("persons.phone", one.phone_enc, one.phone_bidx or "") for one in people if one.phone_enc}
        documents = {unseal("persons.document", one.doc_enc or "", one.doc_bidx or "") for one in people}
    assert len(phones) > 10
    return {phone.removeprefix("+86").encode() for phone in phones}, {number.encode() for number in documents}


@pytest.fixture
def left(new_window: NewWindow, served: Served, demo: Demo, addresses: list[str]) -> Left:
    """What they and a last story have left, in which everything that is secret is typed once."""
    union = demo.union("江门市总工会")
    phone, other = demo.applicant(union), demo.applicant(union)
    number, travel_document = resident_id(), passport()
    door = new_window(path="/login/")
    fill_sign_in(door, phone, WRONG_PASSWORD)
    expect(door.get_by_role("alert")).to_be_visible()
    mobile = sign_in_on_the_phone(new_window, demo, phone, "/m/verify")
    hand_in(mobile, "陈依依", number)
    expect(mobile.get_by_text("已实名")).to_be_visible()
    second = sign_in_on_the_phone(new_window, demo, other, "/m/verify")
    hand_in(second, "PIO EXEMPLO", travel_document, document="护照")
    expect(second.get_by_text("人工核验", exact=True)).to_be_visible()
    desk = review(new_window, demo, union, "PIO EXEMPLO", travel_document)
    desk.get_by_role("dialog").get_by_label("证件号码").fill(travel_document)
    desk.get_by_role("dialog").get_by_role("button", name="通过").click()
    expect(heading(desk, "没有等待人工核验的申请")).to_be_visible()
    door.request.get("/overview/", headers={"Cookie": f"gdftu_session=v.{phone}"})

    return Left(
        places=_places(served, addresses),
        codes=frozenset({demo.code_sent_to(phone), demo.code_sent_to(other)}),
        secrets=frozenset({phone, other, number, travel_document, WRONG_PASSWORD, DEMO_PASSWORD}),
    )


def _places(served: Served, addresses: list[str]) -> dict[str, bytes]:
    database = Path(make_url(served.database_url).database or "")
    states = sorted(served.log_file.parent.glob(".states/*"))
    found = {
        "the log": served.log().encode(),
        "the addresses": "\n".join(unquote_plus(address) for address in addresses).encode(),
        "the database": database.read_bytes(),
        "the journal of the database": database.with_name(f"{database.name}-wal").read_bytes(),
        "the states": b"\n".join(state.read_bytes() for state in states),
    }
    assert all(found.values()), f"nothing to search in: {[place for place, kept in found.items() if not kept]}"
    # What may be read there shows that these are the right places.
    assert b"PIO EXEMPLO" in found["the database"] + found["the journal of the database"]
    assert "新管理".encode() in found["the states"]
    return found


def test_nothing_secret_was_left_in_the_clear(left: Left, known: tuple[set[bytes], set[bytes]], demo: Demo) -> None:
    phones, documents = known

    found = left.holding(left.secrets)
    for place, kept in left.places.items():
        found += [f"a phone in {place}" for one in set(PHONES.findall(kept)) & phones if one]
        found += [f"a resident ID in {place}" for one in set(RESIDENT_IDS.findall(kept)) & documents if one]
    found += [f"a code in {place}" for place, text in _texts(left, demo) if left.codes & set(CODES.findall(text))]

    assert found == []


def _texts(left: Left, demo: Demo) -> Iterator[tuple[str, str]]:
    """Where codes could stand: log, addresses, and the words of every table that is not about places and people."""
    yield "the log", MOMENTS.sub("", left.places["the log"].decode())
    yield "the addresses", left.places["the addresses"].decode()
    for name in ("sign_in_codes", "outbox", "sessions", "audit_entries", "consents", "identity_checks"):
        table = SQLModel.metadata.tables[name]
        columns = [column for column in table.columns if not column.name.endswith(SEALED_OR_DIGEST)]
        with demo.engine.connect() as connection:
            for row in connection.execute(table.select().with_only_columns(*columns)):
                yield name, MOMENTS.sub("", " ".join(str(value) for value in row if isinstance(value, str | dict)))
