"""实名认证 on the console, over a socket: it shows how far the phone has come, and goes on by itself."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from gdftu_app.clock import now
from gdftu_app.models.accounts import Account
from gdftu_app.models.identity_checks import CheckProblem
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.services.identity_checks import close, withdraw_check
from gdftu_app.services.sessions import begin
from gdftu_app.state.current import CurrentUnion, CurrentUser
from gdftu_app.state.union_chooser import UnionChooserState
from gdftu_app.state.verify import VerifyState
from tests.factories import id_of
from tests.serving import Served
from tests.state.attacking import Attacker, Update, attack, merged
from tests.verifying import make_stranger, newest_check, passport, submit
from tests.web.world import World

VERIFY, USER, CHOOSER, UNION = (
    state.get_full_name() for state in (VerifyState, CurrentUser, UnionChooserState, CurrentUnion)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody not verified, looking at the page."""

    account: Account
    page: Attacker

    def load(self) -> list[Update]:
        """Open the page."""
        return self.page.ask(f"{VERIFY}.load", address="/verify/")

    def look_again(self) -> list[Update]:
        """What the page does every few seconds."""
        return self.page.ask(f"{VERIFY}.look_again", address="/verify/")


def led_to(updates: list[Update]) -> list[str]:
    """The addresses that some updates send the browser to."""
    events = [event for update in updates for event in update.get("events") or []]
    return [event["payload"]["path"] for event in events if event["name"] == "_redirect"]


@pytest.fixture
def waiting(served: Served, world: World) -> Iterator[Waiting]:
    with world.open() as session:
        account = make_stranger(session, session.get_one(Union, world.places["district"].id))
        cookie = begin(session, account, cookie=None, address="127.0.0.1", user_agent="tests")
    with attack(served, cookie) as page:
        yield Waiting(account, page)


@contextmanager
def verified(world: World, account: Account) -> Iterator[None]:
    """The person is verified, as on a phone, before the block."""
    with world.open() as session:
        person = Person(name="陈依依", verification="verified", verified_at=now())
        session.add(person)
        session.flush()
        stored = session.get_one(Account, id_of(account))
        stored.person_id, stored.name = person.id, "陈依依"
    yield


class TestThePage:
    def test_begins_with_what_to_do(self, waiting: Waiting):
        shown = merged(waiting.load())

        assert shown[VERIFY]["status"] == "unverified"
        assert shown[USER]["name"] == "霍未名"

    def test_follows_the_phone_without_a_reload(self, waiting: Waiting, world: World):
        waiting.load()
        with world.open() as session:
            submit(session, session.get_one(Account, id_of(waiting.account)))

        shown = merged(waiting.look_again())[VERIFY]

        assert shown["status"] == "manual"
        assert shown["submitted_at"].keys() == {"zh-CN", "zh-Hant", "en"}

    def test_tells_why_it_failed_in_every_language_with_the_administrators_words(self, waiting: Waiting, world: World):
        with world.open() as session:
            account = session.get_one(Account, id_of(waiting.account))
            submit(session, account)
            check = newest_check(session, account)
            check.remark = "证件已过期"
            close(check, CheckProblem.REJECTED)

        shown = merged(waiting.load())[VERIFY]

        assert (shown["status"], shown["remark"]) == ("failed", "证件已过期")
        assert shown["reason"].keys() == {"zh-CN", "zh-Hant", "en"}
        assert shown["reason"]["zh-CN"].startswith("工会管理员没有确认你的证件。")

    def test_goes_on_when_the_person_was_verified_elsewhere(self, waiting: Waiting, world: World):
        waiting.load()

        with verified(world, waiting.account):
            answers = waiting.look_again()

        assert led_to(answers) == ["/unions/"]
        assert merged(answers)[USER]["name"] == "陈依依"

    def test_starts_again_after_a_withdrawal(self, waiting: Waiting, world: World):
        with world.open() as session:
            submit(session, session.get_one(Account, id_of(waiting.account)))
        waiting.load()
        with world.open() as session:
            withdraw_check(session, account_id=id_of(waiting.account))

        assert merged(waiting.look_again())[VERIFY]["status"] == "unverified"

    def test_holds_no_document_at_any_time(self, waiting: Waiting, world: World):
        number = passport()
        told = waiting.load()
        with world.open() as session:
            submit(session, session.get_one(Account, id_of(waiting.account)), document_number=number)

        told += waiting.look_again()

        everything = json.dumps([*told, waiting.page.state()], ensure_ascii=False)
        assert not [part for part in (number, number[2:], f"{number[:4]}***") if part in everything]


class TestAnAccountThatIsNotVerified:
    def test_is_led_here_from_the_chooser(self, waiting: Waiting):
        assert led_to(waiting.page.ask(f"{CHOOSER}.load", address="/unions/")) == ["/verify/"]

    def test_enters_no_union_before_and_the_own_one_after(self, waiting: Waiting, world: World):
        entering = f"{UNION}.enter_union", {"union_id": world.places["district"].id}

        before = waiting.page.ask(*entering)
        with verified(world, waiting.account):
            after = waiting.page.ask(*entering)

        assert (led_to(before), led_to(after)) == ([], ["/overview/"])
        assert merged(after)[UNION]["name"] == world.places["district"].name


def test_who_is_verified_is_sent_on_at_once(served: Served, world: World):
    with attack(served, world.sign_in("owner of the city")) as page:
        answers = page.ask(f"{VERIFY}.load", address="/verify/")

    assert led_to(answers) == ["/unions/"]
    assert VERIFY not in merged(answers)


def test_visitors_are_told_that_they_are_signed_out(served: Served, world: World):
    with attack(served, world.visit()) as page:
        assert merged(page.ask(f"{VERIFY}.look_again", address="/verify/")) == {USER: {"signed_out": True}}
