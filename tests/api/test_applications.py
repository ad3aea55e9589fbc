"""`unions`, `join-applications`, `transfer-applications`, `me/applications`: one's own, and nobody else's."""

import pytest
from sqlmodel import select

from gdftu_app.api.wire import JoinRequest
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.join_details import DETAIL_FIELDS
from gdftu_app.models.unions import Union
from gdftu_app.security.actors import get_actor
from gdftu_app.services.join_reviews import JOINS
from gdftu_app.services.reviews import approve, reject
from tests.api.conftest import Client, Somebody, problem_of
from tests.factories import id_of, make_union
from tests.web.world import World


def decide(world: World, client: Client, *, reason: str = "") -> None:
    with world.open() as session:
        mine = select(JoinApplication.id).where(JoinApplication.submitted_by_id == id_of(client.account))
        ids = [number for number in session.exec(mine) if number]
        owner = world.residents["owner of the factory"].account_id
        actor = get_actor(session, account_id=owner, union_id=world.places["factory"].id)
        if reason:
            outcomes = reject(session, actor, queue=JOINS, ids=ids, reason=reason)
        else:
            outcomes = approve(session, actor, queue=JOINS, ids=ids)
        assert all(outcome.is_decided for outcome in outcomes)


def union_id(world: World, union: str) -> int:
    return world.places[union].id


class TestUnions:
    def test_are_found_with_those_above_them(self, somebody: Somebody, world: World):
        told = somebody().get("unions?q=榕江").json()

        found = {hit["id"]: hit for hit in told["items"]}[union_id(world, "factory")]
        assert found.keys() == {"id", "name", "path"}
        assert found["name"] == world.places["factory"].name
        assert world.places["city"].name in found["path"]
        assert told["next"] is None

    @pytest.mark.parametrize("keyword", ["", "没有这样的工会", "%", "%00", "%F0%9F%98%80", "%ED%A0%80", "'; --"])
    def test_that_do_not_exist_are_not_found(self, keyword: str, somebody: Somebody):
        answer = somebody().get(f"unions?q={keyword}")

        assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None})

    def test_come_page_by_page(self, somebody: Somebody, world: World):
        with world.open() as session:
            street = session.get_one(Union, world.places["factory"].id).superior_id
            for number in range(21):
                make_union(session, session.get_one(Union, street), name=f"翻页试验第{number}厂工会委员会")
        client = somebody()

        first = client.get("unions?q=翻页试验").json()
        rest = client.get(f"unions?q=翻页试验&after={first['next']}").json()

        assert (len(first["items"]), first["next"], len(rest["items"]), rest["next"]) == (20, "20", 1, None)
        assert client.get("unions?q=翻页试验&after=x").status_code == 422

    def test_are_not_looked_for_with_more_than_a_name(self, somebody: Somebody):
        assert problem_of(somebody().get(f"unions?q={'x' * 61}"))[2].keys() == {"q"}


class TestJoining:
    def test_waits_is_followed_and_approved(self, somebody: Somebody, world: World):
        client = somebody()

        answer = client.post("join-applications", {"union_id": union_id(world, "factory")})
        [own] = client.get("me/applications").json()["items"]
        decide(world, client)

        assert (answer.status_code, answer.json()["status"]) == (201, "pending")
        place = world.places["factory"]
        assert own == {
            "id": answer.json()["id"],
            "kind": "join",
            "status": "pending",
            "reason": "",
            "union": {"id": place.id, "name": place.name},
        }
        assert client.get("me/applications").json()["items"][0]["status"] == "approved"
        assert client.get("me").json()["membership"]["union"]["id"] == place.id

    def test_may_tell_of_the_applicant(self, somebody: Somebody, world: World):
        client = somebody()
        details = {"workplace": "榕江电器", "education": "21"}

        answer = client.post("join-applications", {"union_id": union_id(world, "factory"), **details})

        with world.open() as session:
            mine = select(JoinApplication.details).where(JoinApplication.submitted_by_id == id_of(client.account))
            assert session.exec(mine).one() == details
        assert answer.status_code == 201
        assert JoinRequest.model_fields.keys() == {"union_id", *(field.key for field in DETAIL_FIELDS)}

    @pytest.mark.parametrize(
        ("field", "value"), [("education", "x"), ("workplace", "x" * 101), ("politics", 1), ("is_migrant", True)]
    )
    def test_tells_what_is_wrong_by_its_field(self, field: str, value: object, somebody: Somebody, world: World):
        answer = somebody().post("join-applications", {"union_id": union_id(world, "factory"), field: value})

        status, code, fields = problem_of(answer)
        assert (status, code, list(fields)) == (422, "invalid", [field])

    def test_twice_is_refused(self, somebody: Somebody, world: World):
        client = somebody()
        client.post("join-applications", {"union_id": union_id(world, "factory")})

        answer = client.post("join-applications", {"union_id": union_id(world, "other_factory")})

        assert problem_of(answer)[:2] == (409, "already_applied")

    def test_is_not_for_members_nor_for_the_unverified(self, somebody: Somebody, world: World):
        body = {"union_id": union_id(world, "other_factory")}

        assert problem_of(somebody("factory").post("join-applications", body))[:2] == (409, "already_member")
        assert problem_of(somebody(verified=False).post("join-applications", body))[:2] == (403, "not_verified")

    @pytest.mark.parametrize("union", [0, -1, 7, 2**31 - 1, 2**31, 2**70, "7400001", 7.0, True, None, [], {}])
    def test_a_union_that_there_is_not_is_refused(self, union: object, somebody: Somebody):
        status, code, fields = problem_of(somebody().post("join-applications", {"union_id": union}))

        assert (status, code, list(fields)) == (422, "invalid", ["union_id"])

    def test_a_rejection_is_told_with_its_reason(self, somebody: Somebody, world: World):
        client = somebody()
        client.post("join-applications", {"union_id": union_id(world, "factory")})
        decide(world, client, reason="不在本单位工作")

        [own] = client.get("me/applications").json()["items"]

        assert (own["status"], own["reason"]) == ("rejected", "不在本单位工作")


class TestTransferring:
    def test_waits_for_the_other_union(self, somebody: Somebody, world: World):
        client = somebody("factory")

        answer = client.post(
            "transfer-applications", {"union_id": union_id(world, "other_factory"), "purpose": "换了单位"}
        )

        assert (answer.status_code, answer.json()["status"]) == (201, "pending")
        [own] = client.get("me/applications").json()["items"]
        assert (own["kind"], own["union"]["id"]) == ("transfer", union_id(world, "other_factory"))

    def test_needs_a_reason_and_a_membership(self, somebody: Somebody, world: World):
        body = {"union_id": union_id(world, "other_factory"), "purpose": " "}

        assert problem_of(somebody("factory").post("transfer-applications", body))[2].keys() == {"purpose"}
        assert problem_of(somebody().post("transfer-applications", body))[:2] == (409, "not_member")


class TestWithdrawing:
    def test_is_done_once_and_doing_it_again_does_no_harm(self, somebody: Somebody, world: World):
        client = somebody()
        own = client.post("join-applications", {"union_id": union_id(world, "factory")}).json()["id"]

        answers = [client.delete(f"me/applications/{own}").status_code for _ in range(2)]

        assert answers == [204, 204]
        assert client.get("me/applications").json()["items"][0]["status"] == "withdrawn"

    def test_ends_with_the_decision(self, somebody: Somebody, world: World):
        client = somebody()
        own = client.post("join-applications", {"union_id": union_id(world, "factory")}).json()["id"]
        decide(world, client)

        assert problem_of(client.delete(f"me/applications/{own}"))[:2] == (409, "already_decided")

    @pytest.mark.parametrize(
        "named", ["7", "join-", "join-x", "join-0", "join--1", "x-1", f"join-{10**30}", "%00", "é"]
    )
    def test_what_names_nothing_is_not_found(self, named: str, somebody: Somebody):
        assert problem_of(somebody().delete(f"me/applications/{named}"))[:2] == (404, "not_found")


def test_nobody_reads_or_withdraws_what_is_another_persons(somebody: Somebody, world: World):
    clients = [somebody(union) for union in ("", "factory", "other_factory")] + [somebody(verified=False)]
    first = clients[0]
    own = first.post("join-applications", {"union_id": union_id(world, "factory")}).json()["id"]

    for other in clients[1:]:
        assert other.get("me").json()["id"] == id_of(other.account) != id_of(first.account)
        assert other.get("me/applications").json()["items"] == []
        assert problem_of(other.delete(f"me/applications/{own}"))[:2] == (404, "not_found")

    assert first.get("me/applications").json()["items"][0]["status"] == "pending"


def test_a_long_list_comes_in_pages(somebody: Somebody, world: World):
    client = somebody()
    with world.open() as session:
        for _ in range(23):
            row = JoinApplication(
                reviewing_union_id=union_id(world, "factory"),
                submitted_by_id=id_of(client.account),
                person_id=client.account.person_id or 0,
                details={},
                status="withdrawn",
            )
            row.closed_at, row.closed_by_id = row.submitted_at, row.submitted_by_id
            session.add(row)

    first = client.get("me/applications").json()
    second = client.get(f"me/applications?after={first['next']}").json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (20, 3, None)
    assert len({item["id"] for item in first["items"] + second["items"]}) == 23
    assert problem_of(client.get("me/applications?after=-1"))[2].keys() == {"after"}
