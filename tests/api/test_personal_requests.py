"""`me/data`, `me/requests`: one's own data, and what one asks about it."""

from typing import Any

import pytest

from tests.api.conftest import Client, Somebody, problem_of
from tests.web.world import World


def ask_for(client: Client, **body: Any) -> int:
    answer = client.post("me/requests", body)
    assert answer.status_code == 201
    assert answer.json()["status"] == "pending"
    return answer.json()["id"]


def test_a_correction_is_handed_in_followed_and_withdrawn(somebody: Somebody):
    client = somebody("factory")
    number = ask_for(client, kind="correction", changes={"education": "21"}, remark="毕业")

    [own] = client.get("me/requests").json()["items"]

    assert own.keys() == {"id", "kind", "status", "reason", "union", "submitted_at", "due_on"}
    assert (own["id"], own["kind"], own["status"]) == (number, "correction", "pending")
    assert [client.delete(f"me/requests/{number}").status_code for _ in range(2)] == [204, 204]
    assert client.get("me/requests").json()["items"][0]["status"] == "withdrawn"


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 422, {"kind"}),
        ({"kind": "other"}, 422, {"kind"}),
        ({"kind": "correction"}, 422, set()),
        ({"kind": "correction", "changes": {"name": "王"}}, 422, {"changes.name.[key]"}),
        ({"kind": "correction", "changes": {"education": "99"}}, 422, {"education"}),
        ({"kind": "deletion", "fields": ["education"]}, 422, set()),
        ({"kind": "closure"}, 422, {"sure"}),
        ({"kind": "closure", "sure": "true"}, 422, {"sure"}),
    ],
    ids=str,
)
def test_what_is_wrong_is_told(body: dict[str, Any], status: int, fields: set[str], somebody: Somebody):
    told = problem_of(somebody("factory").post("me/requests", body))

    assert (told[0], set(told[2])) == (status, fields)


def test_once_of_a_kind_and_only_when_verified(somebody: Somebody):
    client = somebody("factory")
    ask_for(client, kind="closure", sure=True)

    again = client.post("me/requests", {"kind": "closure", "sure": True})
    stranger = somebody(verified=False).post("me/requests", {"kind": "correction", "changes": {"education": "21"}})

    assert problem_of(again)[:2] == (409, "already_applied")
    assert problem_of(stranger)[:2] == (403, "not_verified")


def test_nobody_elses(somebody: Somebody, world: World):
    number = ask_for(somebody("factory"), kind="correction", changes={"education": "21"})
    other = somebody("other_factory")

    assert other.get("me/requests").json()["items"] == []
    assert problem_of(other.delete(f"me/requests/{number}"))[:2] == (404, "not_found")
    assert world.places["factory"].name not in other.get("me/data").text


def test_the_data_is_ones_own(somebody: Somebody, world: World):
    told = somebody("factory", name="符海").get("me/data").json()

    assert told["sections"]["person"][0]["name"] == "符海"
    assert told["sections"]["memberships"][0]["union"] == world.places["factory"].name
