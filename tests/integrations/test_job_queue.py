"""The queue of jobs over the Redis protocol: what is sent comes once, and only this installation's."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fakeredis import TcpFakeServer

from gdftu_app.config import settings
from gdftu_app.integrations.job_queue import receive, send
from tests.serving import free_port

SECRET, MESSAGES = "the secret of this installation", 200


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server, configured as the installation's."""
    port = free_port()
    server = TcpFakeServer(("127.0.0.1", port), server_type="redis")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"redis://127.0.0.1:{port}/3"
    monkeypatch.setenv("GDFTU_REDIS_URL", url)
    settings.cache_clear()
    yield url
    server.shutdown()
    server.server_close()
    thread.join()
    monkeypatch.undo()
    settings.cache_clear()


def all_there_is() -> list[int]:
    taken: list[int] = []
    while (number := receive(secret=SECRET)) is not None:
        taken.append(number)
    return taken


def test_what_is_sent_is_received_in_its_order_and_then_there_is_nothing(redis):
    for number in (7, 8, 9):
        send(number, secret=SECRET)

    assert all_there_is() == [7, 8, 9]


def test_of_several_workers_one_receives_each_message(redis):
    for number in range(MESSAGES):
        send(number, secret=SECRET)

    with ThreadPoolExecutor(4) as pool:
        taken = [task.result() for task in [pool.submit(all_there_is) for _ in range(4)]]

    assert sorted(number for each in taken for number in each) == list(range(MESSAGES))


def test_what_somebody_else_has_sent_is_not_read(redis):
    send(7, secret="another secret")

    with pytest.raises(ValueError, match="mismatch"):
        receive(secret=SECRET)
