"""实名人工核验 over a socket: who sees and decides which try, and that no document is ever told."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from gdftu_app.models.accounts import Account
from gdftu_app.models.identity_checks import IdentityCheck
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.services.identity_checks import withdraw_check
from gdftu_app.state.current import CurrentUser
from gdftu_app.state.identity_reviews import PAGE_SIZE, IdentityReviewsState
from tests.factories import id_of
from tests.serving import Served
from tests.state.attacking import Attacker, attack, merged, notices_in, touched
from tests.state.conftest import ENTER, NOT_FOUND
from tests.state.handlers import REFUSAL_VARS
from tests.verifying import make_waiting_check, passport
from tests.web.world import World

REVIEWS = IdentityReviewsState.get_full_name()
USER = CurrentUser.get_full_name()
CONFIRM, REJECT = f"{REVIEWS}.confirm", f"{REVIEWS}.reject"
Desk = Callable[[str], Attacker]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A try of a newcomer of a union, and the number that stands on the document."""

    id: int
    account_id: int
    number: str


@pytest.fixture
def apply(world: World) -> Callable[..., Waiting]:
    """A try that waits, of a new administrator of a place."""

    def made(place: str = "district", **changed: str) -> Waiting:
        number = passport()
        with world.open() as session:
            union = session.get_one(Union, world.places[place].id)
            check = make_waiting_check(session, union, number=number, **changed)
            return Waiting(id_of(check), check.account_id, number)

    return made


@pytest.fixture
def desk(served: Served, world: World) -> Iterator[Desk]:
    """The page of an administrator who has entered the union they administer."""
    with ExitStack() as stack:

        def opened(name: str) -> Attacker:
            page = stack.enter_context(attack(served, world.sign_in(name)))
            page.ask(ENTER, {"union_id": world.residents[name].unions[0]})
            return page

        yield opened


def stood(world: World, waiting: Waiting) -> tuple[str, str, str]:
    with world.open() as session:
        check = session.get_one(IdentityCheck, waiting.id)
        return check.status, check.problem, check.remark


def rows_of(page: Attacker) -> dict[int, dict[str, object]]:
    shown = merged(page.ask(f"{REVIEWS}.load"))[REVIEWS]
    return {row["id"]: row for row in shown["rows"]}


class TestTheList:
    def test_shows_who_waits_with_masked_number_and_phone(self, desk: Desk, apply: Callable[..., Waiting]):
        waiting = apply(name="MARIA CLARA")

        row = rows_of(desk("owner of the city"))[waiting.id]

        assert (row["name"], row["number"]) == ("MARIA CLARA", f"{waiting.number[:4]}***{waiting.number[-2:]}")
        assert str(row["phone"]).startswith("177****")
        assert row["unions"] == "珠水区总工会"

    @pytest.mark.parametrize("name", ["owner of the other city", "owner of the factory", "owner of both factories"])
    def test_of_others_does_not_show_it(self, name: str, desk: Desk, apply: Callable[..., Waiting]):
        waiting = apply()

        assert waiting.id not in rows_of(desk(name))

    def test_goes_on_below_in_pages(self, desk: Desk, apply: Callable[..., Waiting]):
        mine = {apply("street").id for _ in range(PAGE_SIZE + 1)}
        page = desk("owner of the district")
        first = rows_of(page)

        shown = merged(page.ask(f"{REVIEWS}.show_more"))[REVIEWS]

        assert len(first) == PAGE_SIZE
        ids = [row["id"] for row in shown["rows"]]
        assert ids == sorted(set(ids))
        assert mine <= set(ids)


class TestConfirming:
    def test_with_the_number_from_the_document_verifies_and_tells(
        self, desk: Desk, apply: Callable[..., Waiting], world: World
    ):
        waiting, page = apply(), desk("members' administrator of the city")
        rows_of(page)
        page.ask(f"{REVIEWS}.open_check", {"check_id": waiting.id})

        answers = page.ask(CONFIRM, {"check_id": waiting.id, "document_number": waiting.number.lower()})

        assert notices_in(answers) == ["已确认，申请人的账号已实名。"]
        assert waiting.id not in [row["id"] for row in merged(answers)[REVIEWS]["rows"]]
        with world.open() as session:
            account = session.get_one(Account, waiting.account_id)
            assert session.get_one(Person, account.person_id).verified_at is not None

    def test_with_another_number_is_told_beside_the_field_and_nowhere_else(
        self, desk: Desk, apply: Callable[..., Waiting], world: World
    ):
        waiting, page = apply(), desk("owner of the city")
        rows_of(page)
        page.ask(f"{REVIEWS}.open_check", {"check_id": waiting.id})

        answers = page.ask(CONFIRM, {"check_id": waiting.id, "document_number": "EA0000000"})

        shown = merged(answers)[REVIEWS]
        assert shown["problem_field"] == "document_number"
        assert shown["problem"]["zh-CN"].startswith("与申请人填写的证件号码不一致。")
        assert notices_in(answers) == []
        assert stood(world, waiting) == ("manual", "", "")

    @pytest.mark.parametrize("name", ["owner of the other city", "owner of the factory", "owner of both factories"])
    def test_out_of_reach_is_not_found(self, name: str, desk: Desk, apply: Callable[..., Waiting], world: World):
        waiting, page = apply(), desk(name)

        answers = page.ask(CONFIRM, {"check_id": waiting.id, "document_number": waiting.number})
        answers += page.ask(REJECT, {"check_id": waiting.id, "remark": "证件已过期"})

        assert notices_in(answers)[-1] == NOT_FOUND
        assert stood(world, waiting) == ("manual", "", "")

    @pytest.mark.parametrize("name", ["reviewer of the city", "editor of the city", "auditor of the city"])
    def test_without_the_permission_is_refused(
        self, name: str, desk: Desk, apply: Callable[..., Waiting], world: World
    ):
        waiting, page = apply(), desk(name)

        answers = page.ask(CONFIRM, {"check_id": waiting.id, "document_number": waiting.number})

        assert touched(answers) <= REFUSAL_VARS
        assert stood(world, waiting) == ("manual", "", "")

    def test_what_was_withdrawn_meanwhile_is_told_so(self, desk: Desk, apply: Callable[..., Waiting], world: World):
        waiting, page = apply(), desk("owner of the city")
        rows_of(page)
        with world.open() as session:
            withdraw_check(session, account_id=waiting.account_id)

        answers = page.ask(CONFIRM, {"check_id": waiting.id, "document_number": waiting.number})

        assert notices_in(answers) == ["这条申请已经处理或撤回，请刷新列表。"]
        assert stood(world, waiting)[:2] == ("failed", "withdrawn")

    def test_of_a_disabled_account_does_not_sign_the_administrator_out(
        self, desk: Desk, apply: Callable[..., Waiting], world: World
    ):
        waiting, page = apply(), desk("owner of the city")
        rows_of(page)
        with world.open() as session:
            account = session.get_one(Account, waiting.account_id)
            account.disabled_at = account.created_at

        answers = page.ask(CONFIRM, {"check_id": waiting.id, "document_number": waiting.number})

        assert notices_in(answers) == [NOT_FOUND]
        assert USER not in merged(answers)


class TestRejecting:
    def test_needs_a_reason_told_beside_its_field(self, desk: Desk, apply: Callable[..., Waiting], world: World):
        waiting, page = apply(), desk("owner of the city")

        shown = merged(page.ask(REJECT, {"check_id": waiting.id, "remark": "  "}))[REVIEWS]

        assert (shown["problem_field"], shown["problem"]["zh-CN"]) == ("remark", "请填写驳回原因，申请人会看到。")
        assert stood(world, waiting)[0] == "manual"

    def test_keeps_the_reason_for_the_applicant(self, desk: Desk, apply: Callable[..., Waiting], world: World):
        waiting, page = apply(), desk("owner of the city")

        answers = page.ask(REJECT, {"check_id": waiting.id, "remark": "证件已过期\x00"})

        assert notices_in(answers) == ["已驳回，申请人会看到原因并可重新提交。"]
        assert stood(world, waiting) == ("failed", "rejected", "证件已过期")


class TestTheDialog:
    def test_opens_for_what_is_listed_only(self, desk: Desk, apply: Callable[..., Waiting]):
        hidden, page = apply("other_factory"), desk("owner of the city")
        rows_of(page)

        answers = page.ask(f"{REVIEWS}.open_check", {"check_id": hidden.id})

        assert merged(answers).get(REVIEWS, {}).get("opened", 0) == 0

    def test_forgets_what_was_wrong_when_it_is_closed(self, desk: Desk, apply: Callable[..., Waiting]):
        waiting, page = apply(), desk("owner of the city")
        rows_of(page)
        page.ask(f"{REVIEWS}.open_check", {"check_id": waiting.id})
        page.ask(CONFIRM, {"check_id": waiting.id, "document_number": "EA0000000"})

        shown = merged(page.ask(f"{REVIEWS}.close_check", {"is_open": False}))[REVIEWS]

        assert (shown["opened"], shown["problem"], shown["problem_field"]) == (0, {}, "")


def test_a_document_number_is_in_no_update_and_no_log(desk: Desk, apply: Callable[..., Waiting], served: Served):
    waiting, page, known = apply(), desk("owner of the city"), served.log_size()
    told = [*page.ask(f"{REVIEWS}.load"), *page.ask(f"{REVIEWS}.open_check", {"check_id": waiting.id})]

    told += page.ask(CONFIRM, {"check_id": waiting.id, "document_number": "EA0000000"})
    told += page.ask(CONFIRM, {"check_id": waiting.id, "document_number": waiting.number, "surplus": 1})
    told += page.ask(CONFIRM, {"check_id": waiting.id, "document_number": waiting.number})

    assert waiting.number not in json.dumps([*told, page.state()])
    assert waiting.number not in served.log(since=known)
