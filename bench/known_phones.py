"""Whether the time that a door takes tells a known phone from an unknown one: medians, and their ratio."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from sqlmodel import Session

from bench.databases import Database
from bench.timing import Timing, timed
from gdftu_app.security.passwords import hash_password
from tests.factories import make_account
from tests.serving import Served, serve

TRIES = 40
# Nobody is locked or held up while this is measured: both kinds of phone would be, alike.
NO_LIMITS = {
    "GDFTU_LOGIN_ATTEMPTS_PER_ADDRESS_MINUTE": "1000000",
    "GDFTU_LOGIN_MAX_FAILURES": "1000000",
    "GDFTU_CODE_PER_ADDRESS_HOUR": "1000000",
    "GDFTU_CODE_PER_MINUTE": "1000000",
    "GDFTU_CODE_PER_HOUR": "1000000",
    "GDFTU_CODE_PER_DAY": "1000000",
}


@dataclass(frozen=True)
class Told:
    """One door, asked with known and with unknown phones in turn."""

    name: str
    known: Timing
    unknown: Timing

    @property
    def ratio(self) -> float:
        """Of the medians; 1 tells nothing."""
        return self.known.median / self.unknown.median


def known_phones(database: Database) -> list[Told]:
    """A wrong password, a wrong code, and asking for a code."""
    with Session(database.engine) as session:
        for number in range(TRIES):
            make_account(session, phone=f"+86{_phone(number)}").password_hash = hash_password("for benchmarks only 2")
        session.commit()
    with serve(database.url, env=NO_LIMITS) as served, httpx.Client() as client:
        client.get(f"{served.url}/m/login", headers={"Accept": "text/html"})
        doors: dict[str, Callable[[str], object]] = {
            "a wrong password": lambda phone: _post(client, served, "/session", phone=phone, password="no"),
            "a wrong code": lambda phone: _post(client, served, "/session", phone=phone, code="000000"),
            "asking for a code": lambda phone: _post(client, served, "/m/login", phone=phone, ask="code"),
        }
        return [_told(name, ask) for name, ask in doors.items()]


def _told(name: str, ask: Callable[[str], object]) -> Told:
    phones = [(_phone(number), is_known) for is_known in (True, False) for number in _numbers(is_known)]
    # In no order, so that whatever else the machine does falls on both kinds alike.
    random.Random(7).shuffle(phones)
    seconds: dict[bool, list[float]] = {True: [], False: []}
    ask(phones[0][0])
    for phone, is_known in phones:
        seconds[is_known].append(timed(lambda phone=phone: ask(phone)))
    return Told(name, Timing(seconds[True]), Timing(seconds[False]))


def _numbers(is_known: bool) -> range:
    return range(TRIES) if is_known else range(TRIES, 2 * TRIES)


def _phone(number: int) -> str:
    return f"1987{number:07d}"


def _post(client: httpx.Client, served: Served, path: str, **fields: str) -> httpx.Response:
    answer = client.post(f"{served.url}{path}", data=fields, headers={"Origin": served.url})
    assert answer.status_code in {200, 303}
    return answer
