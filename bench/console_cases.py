"""Benchmarks of the whole console over HTTP and sockets: one server process, real sign-ins, real events."""

import threading
import time
from dataclasses import dataclass

from sqlmodel import Session

from bench.databases import Database
from bench.pages import Page
from bench.timing import Timing, timed
from gdftu_app.models.unions import Union
from gdftu_app.security.passwords import hash_password
from gdftu_app.state.subordinates import SubordinatesState
from tests.factories import make_account, make_administrator
from tests.serving import Served, serve

PHONE, PASSWORD = "19900000001", "for benchmarks only 1"
REPEAT, USERS, SECONDS = 20, 8, 8.0
STATE = SubordinatesState.get_full_name()
NO_LIMITS = {"GDFTU_EVENTS_PER_SECOND": "1000000", "GDFTU_LOGIN_ATTEMPTS_PER_ADDRESS_MINUTE": "1000000"}


@dataclass(frozen=True)
class Seen:
    """One line of the table: what was measured, and how many bytes the answer had on the wire (0: not one answer)."""

    name: str
    timing: Timing
    size: int = 0


def console(database: Database) -> tuple[list[Seen], float]:
    """The event chain from signing in to the tree, the parts of it, and events a second of one worker."""
    _give_account(database)
    with serve(database.url, env=NO_LIMITS) as served:
        lines = [_sign_in_to_tree(served), *_events(served, database.world.wide)]
        return lines, _rate(served, database.world.wide)


def _give_account(database: Database) -> None:
    with Session(database.engine) as session:
        province = session.get_one(Union, database.world.province)
        account = make_account(session, phone=f"+86{PHONE}")
        account.password_hash = hash_password(PASSWORD)
        make_administrator(session, account, province)
        session.commit()


def _sign_in_to_tree(served: Served) -> Seen:
    sizes: list[int] = []

    def once() -> None:
        page = Page(served, phone=PHONE, password=PASSWORD)
        page.open("/subordinates/")
        sizes.append(page.wait('"reveal": '))
        page.close()

    once()
    return Seen("sign in, open the page, see the tree", Timing([timed(once) for _ in range(REPEAT)]), sizes[-1])


def _events(served: Served, wide: int) -> list[Seen]:
    page = _page(served)
    asked = {
        "event: open 1,000 children in the tree": ("load_branch", {"parent": wide, "offset": 0}, '"branches"'),
        "event: select the union with 1,000": ("select", {"union_id": wide}, '"rows_rx_state_"'),
        "event: sort its list": ("sort_by", {"column": "name"}, '"rows_rx_state_"'),
        "event: search": ("search", {"keyword": "电子"}, '"hits_rx_state_"'),
    }
    seen: list[Seen] = []
    for name, (event, payload, until) in asked.items():
        sizes: list[int] = []

        def once(event: str = event, payload: dict = payload, until: str = until, sizes: list[int] = sizes) -> None:
            word = {"keyword": ("电子", "科技")[len(sizes) % 2]} if event == "search" else payload
            sizes.append(page.ask(f"{STATE}.{event}", word, until=until))

        once()
        seen.append(Seen(name, Timing([timed(once) for _ in range(REPEAT)]), max(sizes)))
    page.close()
    return seen


def _rate(served: Served, wide: int) -> float:
    """Events a second of one worker, with several users that each wait for their answer before they go on."""
    pages = [_page(served) for _ in range(USERS)]
    counts = [0] * USERS
    end = time.perf_counter() + SECONDS

    def use(number: int) -> None:
        while time.perf_counter() < end:
            pages[number].ask(f"{STATE}.load_branch", {"parent": wide, "offset": 0}, until='"branches"')
            counts[number] += 1

    threads = [threading.Thread(target=use, args=(number,)) for number in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for page in pages:
        page.close()
    return sum(counts) / SECONDS


def _page(served: Served) -> Page:
    page = Page(served, phone=PHONE, password=PASSWORD)
    page.open("/subordinates/")
    page.wait('"reveal": ')
    return page
