"""`Idempotency-Key`: a write that is sent again, however fast, has one effect and one answer."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlmodel import select

from gdftu_app.models.accounts import SignInCode
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.security.keys import blind_index
from tests.api.conftest import Client, Somebody, problem_of
from tests.factories import id_of
from tests.web.world import World

KEY = "3f2b-key"


def body(world: World, union: str = "factory") -> dict[str, int]:
    return {"union_id": world.places[union].id}


def applications_of(client: Client, world: World) -> int:
    with world.open() as session:
        own = select(JoinApplication.id).where(JoinApplication.submitted_by_id == id_of(client.account))
        return len(session.exec(own).all())


def test_the_same_write_is_answered_alike(somebody: Somebody, world: World):
    client = somebody()

    first, again = (client.post("join-applications", body(world), Idempotency_Key=KEY) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert applications_of(client, world) == 1


def test_another_write_under_the_key_is_refused(somebody: Somebody, world: World):
    client = somebody()
    own = client.post("join-applications", body(world), Idempotency_Key=KEY).json()["id"]

    for answer in (
        client.post("join-applications", body(world, "other_factory"), Idempotency_Key=KEY),
        client.delete(f"me/applications/{own}", Idempotency_Key=KEY),
    ):
        assert problem_of(answer)[:2] == (422, "idempotency_key_reused")

    assert client.get("me/applications").json()["items"][0]["status"] == "pending"


def test_everybodys_keys_are_their_own(somebody: Somebody, world: World):
    clients = [somebody(), somebody()]

    answers = [client.post("join-applications", body(world), Idempotency_Key=KEY).json()["id"] for client in clients]

    assert len(set(answers)) == 2
    assert [applications_of(client, world) for client in clients] == [1, 1]


def test_what_was_refused_is_tried_anew(somebody: Somebody, world: World):
    client = somebody()
    first = client.post("join-applications", body(world)).json()["id"]
    refused = client.post("join-applications", body(world, "other_factory"), Idempotency_Key=KEY)
    client.delete(f"me/applications/{first}")

    again = client.post("join-applications", body(world, "other_factory"), Idempotency_Key=KEY)

    assert (refused.status_code, again.status_code) == (409, 201)


def test_sent_at_once_it_has_one_effect(somebody: Somebody, world: World):
    client = somebody()
    url, headers = f"{client.served.url}/api/v1/join-applications", {"Authorization": f"Bearer {client.token}"}

    def send(_number: int) -> tuple[int, str]:
        answer = httpx.post(url, json=body(world), headers=headers | {"Idempotency-Key": KEY}, timeout=30)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(8)))

    assert [status for status, _ in answers] == [201]
    assert applications_of(client, world) == 1


def test_a_code_is_sent_once(stranger: Client, phone: str, world: World):
    answers = [stranger.post("sms-codes", {"phone": phone}, Idempotency_Key=KEY).json() for _ in range(2)]

    assert answers[0] == answers[1] == {"retry_after": 60, "expires_in": 300}
    with world.open() as session:
        sent = select(SignInCode.id).where(SignInCode.phone_bidx == blind_index("phone", f"+86{phone}"))
        assert len(session.exec(sent).all()) == 1


@pytest.mark.parametrize("key", ["", "a b", "x" * 129])
def test_a_key_that_is_none_is_refused(key: str, somebody: Somebody, world: World):
    status, code, fields = problem_of(somebody().post("join-applications", body(world), Idempotency_Key=key))

    assert (status, code, list(fields)) == (422, "invalid", ["Idempotency-Key"])
