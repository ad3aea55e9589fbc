"""The review queues over a socket: who sees and decides which request, and what the bell counts meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import now
from gdftu_app.models.accounts import Account, SignInSession
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.registrations import Registration
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.models.unions import Union
from gdftu_app.security.tokens import token_hash
from gdftu_app.state.bell import BellState
from gdftu_app.state.change_reviews import ChangeReviewsState
from gdftu_app.state.registration_reviews import RegistrationReviewsState
from tests.factories import id_of, make_change_request, make_registration
from tests.serving import Served
from tests.state.attacking import Attacker, attack, merged, notices_in
from tests.state.conftest import ENTER
from tests.web.world import World

QUEUE, CHANGES, BELL = (state.get_full_name() for state in (RegistrationReviewsState, ChangeReviewsState, BellState))
Desk = Callable[[str], Attacker]
Ask = Callable[..., int]


@pytest.fixture
def register(world: World) -> Ask:
    """A registration that waits for a place."""

    def made(place: str = "city", **fields: Any) -> int:
        with world.open() as session:
            return id_of(make_registration(session, session.get_one(Union, world.places[place].id), **fields))

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


def status_of(world: World, number: int) -> str:
    with world.open() as session:
        return session.get_one(Registration, number).status


def shown(page: Attacker, event: str, payload: dict[str, Any] | None = None) -> dict[str, Any]:
    return merged(page.ask(f"{QUEUE}.{event}", payload or {})).get(QUEUE, {})


def test_a_reviewer_opens_reads_and_approves(desk: Desk, register: Ask, world: World):
    number = register(employer_name="榕溪灯具有限公司")
    page = desk("reviewer of the city")

    rows = shown(page, "load")["rows"]
    opened = shown(page, "toggle_row", {"request_id": number})
    answers = page.ask(f"{QUEUE}.approve_one", {"request_id": number})

    assert number in [row["id"] for row in rows]
    assert "榕溪灯具有限公司" in [field["value"]["zh-CN"] for field in opened["fields"]]
    assert notices_in(answers) == ["已通过 1 件。"]
    assert status_of(world, number) == ReviewStatus.APPROVED


@pytest.mark.parametrize("name", ["owner of the province", "owner of the district", "owner of the other city"])
def test_others_neither_see_nor_decide_it(name: str, desk: Desk, register: Ask, world: World):
    number = register()
    page = desk(name)

    rows = shown(page, "load")["rows"]
    page.ask(f"{QUEUE}.toggle_row", {"request_id": number})
    page.ask(f"{QUEUE}.approve_one", {"request_id": number})
    page.ask(f"{QUEUE}.tick", {"request_id": number})
    page.ask(f"{QUEUE}.approve_ticked")

    assert number not in [row["id"] for row in rows]
    assert status_of(world, number) == ReviewStatus.PENDING


@pytest.mark.parametrize("name", ["editor of the city", "auditor of the city", "owner of the factory"])
def test_without_the_permission_there_is_no_queue(name: str, desk: Desk, register: Ask, world: World):
    number = register()
    page = desk(name)

    seen = merged(page.ask(f"{QUEUE}.load"))
    page.ask(f"{QUEUE}.approve_one", {"request_id": number})

    assert QUEUE not in seen or not seen[QUEUE].get("rows")
    assert status_of(world, number) == ReviewStatus.PENDING


def test_a_rejection_without_a_reason_is_told_beside_the_field_and_decides_nothing(
    desk: Desk, register: Ask, world: World
):
    number = register()
    page = desk("owner of the city")
    page.ask(f"{QUEUE}.load")
    page.ask(f"{QUEUE}.ask_rejection", {"request_id": number})

    refused = shown(page, "reject_asked", {"reason": " "})
    status = status_of(world, number)
    answers = page.ask(f"{QUEUE}.reject_asked", {"reason": "证件图片不清晰"})

    assert refused["problem"]["zh-CN"] == "请填写驳回原因，申请人会看到。"
    assert status == ReviewStatus.PENDING
    assert notices_in(answers) == ["已驳回 1 件，申请人会看到原因。"]
    assert status_of(world, number) == ReviewStatus.REJECTED


def test_a_batch_tells_what_it_did_not_decide(desk: Desk, register: Ask, world: World):
    numbers = [register(employer_name=f"批量{order}厂") for order in range(3)]
    page, colleague = desk("owner of the city"), desk("reviewer of the city")
    shown(page, "search", {"keyword": "批量"})
    shown(page, "load")
    shown(page, "search", {"keyword": "批量"})
    for number in numbers:
        page.ask(f"{QUEUE}.tick", {"request_id": number})
    colleague.ask(f"{QUEUE}.approve_one", {"request_id": numbers[1]})

    answers = page.ask(f"{QUEUE}.approve_ticked")

    assert notices_in(answers) == ["已通过 2 件。"]
    [left] = merged(answers)[QUEUE]["undecided"]
    assert left["title"] == "批量1厂工会委员会"
    assert left["why"]["zh-CN"].endswith("已先通过。")


def test_everything_that_matches_is_more_than_what_is_on_screen(desk: Desk, register: Ask, world: World):
    numbers = [register(employer_name=f"全选{order}厂") for order in range(21)]
    other = register(employer_name="另外一家")
    page = desk("owner of the city")
    shown(page, "load")
    seen = shown(page, "search", {"keyword": "全选"})
    page.ask(f"{QUEUE}.tick_page")
    page.ask(f"{QUEUE}.tick_all")

    page.ask(f"{QUEUE}.ask_rejection", {"request_id": 0})
    page.ask(f"{QUEUE}.reject_asked", {"reason": "重复提交"})

    assert (len(seen["rows"]), seen["total"]) == (20, 21)
    assert {status_of(world, number) for number in numbers} == {ReviewStatus.REJECTED}
    assert status_of(world, other) == ReviewStatus.PENDING


def test_a_change_is_shown_with_before_and_after_and_takes_effect(desk: Desk, world: World):
    with world.open() as session:
        district = session.get_one(Union, world.places["district"].id)
        number = id_of(make_change_request(session, district, contact_name="新联系"))
        before = district.contact_name
    page = desk("owner of the city")
    page.ask(f"{CHANGES}.load")

    opened = merged(page.ask(f"{CHANGES}.toggle_row", {"request_id": number}))[CHANGES]
    page.ask(f"{CHANGES}.approve_one", {"request_id": number})

    [field] = opened["changed"]
    assert opened["fields"] == []
    assert (field["before"]["zh-CN"], field["value"]["zh-CN"]) == (before or "—", "新联系")
    with world.open() as session:
        assert session.get_one(ChangeRequest, number).status == ReviewStatus.APPROVED
        assert session.get_one(Union, world.places["district"].id).contact_name == "新联系"


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("show_tab", {"tab": "withdrawn"}),
        ("filter_from", {"first": "yesterday"}),
        ("filter_by_waiting", {"days": "-1"}),
        ("tick", {"request_id": -5}),
        ("approve_one", {"request_id": 2**70}),
        ("reject_asked", {"reason": "x" * 401}),
        ("choose_page_size", {"size": "100000"}),
    ],
)
def test_forged_arguments_change_nothing(event: str, payload: dict[str, Any], desk: Desk, register: Ask, world: World):
    number = register()
    page = desk("owner of the city")
    page.ask(f"{QUEUE}.load")

    answers = page.ask(f"{QUEUE}.{event}", payload)

    assert notices_in(answers) == ["填写的内容不符合要求，请修改后再试。"]
    assert status_of(world, number) == ReviewStatus.PENDING


class TestTheBell:
    def test_counts_what_waits_for_the_actor_only(self, desk: Desk, register: Ask):
        register("district")
        mine, others = desk("owner of the district"), desk("owner of the other city")

        waiting = merged(mine.ask(f"{BELL}.look"))[BELL]["waiting"]
        elsewhere = merged(others.ask(f"{BELL}.look")).get(BELL, {}).get("waiting", {})

        assert int(waiting["registrations"]) >= 1
        assert "registrations" not in elsewhere

    def test_tells_the_applicant_what_became_of_it(self, desk: Desk, world: World):
        applicant = world.residents["owner of the other city"]
        with world.open() as session:
            city = session.get_one(Union, world.places["city"].id)
            account = session.get_one(Account, applicant.account_id)
            number = id_of(make_registration(session, city, applicant=account, employer_name="告知厂"))
        page = desk("owner of the other city")
        # What others told the account before counts as read.
        page.ask(f"{BELL}.read", {"is_open": True})
        page.ask(f"{BELL}.read", {"is_open": False})
        desk("owner of the city").ask(f"{QUEUE}.approve_one", {"request_id": number})

        told = merged(page.ask(f"{BELL}.look"))[BELL]
        page.ask(f"{BELL}.read", {"is_open": True})
        after = merged(page.ask(f"{BELL}.read", {"is_open": False}))[BELL]

        assert told["told"][0]["texts"]["zh-CN"] == "「告知厂工会委员会」的组织登记已通过，你已成为负责人。"
        assert told["unread"] == 1
        assert after["unread"] == 0

    def test_does_not_keep_a_session_from_becoming_idle(self, served: Served, world: World):
        cookie = world.sign_in("owner of the city")
        with attack(served, cookie) as page:
            page.ask(ENTER, {"union_id": world.residents["owner of the city"].unions[0]})
            with world.open() as session:
                held = _session(session, cookie)
                held.last_seen_at = seen = now() - timedelta(minutes=20)
            page.ask(f"{BELL}.look")
            with world.open() as session:
                after_looking = _session(session, cookie).last_seen_at
            page.ask(f"{QUEUE}.load")
            with world.open() as session:
                after_loading = _session(session, cookie).last_seen_at

        assert after_looking == seen
        assert after_loading > seen


def _session(session: Session, cookie: str) -> SignInSession:
    return session.exec(select(SignInSession).where(SignInSession.token_hash == token_hash(cookie))).one()
