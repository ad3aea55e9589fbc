"""The production build, served with demo data once for this folder, and a browser to visit it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from gdftu_app.cli.building import WEB_FOLDER
from tests.browser.browsing import chromium, sign_in
from tests.browser.demo_data import Demo
from tests.browser.preparing import prepare
from tests.installations import DATABASE, FILES
from tests.serving import Served, serve

# All the stories come from one address, which would soon use up what one address may try in a minute or an hour.
ROOM_FOR_ALL = {"GDFTU_LOGIN_ATTEMPTS_PER_ADDRESS_MINUTE": "10000", "GDFTU_CODE_PER_ADDRESS_HOUR": "10000"}

# Said by Chromium when a page is left before its socket stood.
LEFT_WHILE_CONNECTING = "WebSocket is closed before the connection is established"


class NewWindow(Protocol):
    """Opens a window of a browser of its own: `new_window("19900000001", "/overview/", width=390)`."""

    def __call__(self, phone: str = "", path: str = "", *, width: int = 1440, height: int = 900, **how: Any) -> Page:
        """The page; signed in when a phone is given, and at `path` when one is given."""
        ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a user's story in the browser; the canary searches what the others have left."""
    places = [place for place, item in enumerate(items) if Path(__file__).parent in item.path.parents]
    stories = sorted((items[place] for place in places), key=lambda item: item.path.stem == "test_canary")
    for place, item in zip(places, stories, strict=True):
        items[place] = item
        item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep how a test ended, for the fixture that takes pictures of what failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def prepared(request: pytest.FixtureRequest) -> Path:
    """A folder with demo data, and the pages built."""
    return prepare(request.config.cache.mkdir("demo-data"))


@pytest.fixture(scope="package")
def demo(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo data that the stories share; what a story changes is its own people's."""
    copy = shutil.copytree(prepared, tmp_path_factory.mktemp("browser") / "installation")
    made = Demo(f"sqlite:///{copy / DATABASE}", copy / FILES)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="package")
def served(demo: Demo) -> Iterator[Served]:
    """The console as in production, on those data."""
    with serve(
        demo.database_url, web_folder=WEB_FOLDER, env=ROOM_FOR_ALL | {"GDFTU_FILES_URL": str(demo.files)}
    ) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for this folder; it must be gone before tests elsewhere run event loops of their own."""
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="package")
def addresses() -> list[str]:
    """All that the browsers of the stories asked for."""
    return []


@pytest.fixture
def complaints() -> list[str]:
    """What browsers said was wrong during the test, and what they asked of other hosts; a test that expects it clears
    it."""
    return []


@pytest.fixture
def new_window(
    browser: Browser,
    served: Served,
    complaints: list[str],
    addresses: list[str],
    request: pytest.FixtureRequest,
) -> Iterator[NewWindow]:
    """Opens windows, each of a browser of its own; a story must end without a complaint of any."""
    contexts: list[BrowserContext] = []

    def open_window(phone: str = "", path: str = "", *, width: int = 1440, height: int = 900, **how: Any) -> Page:
        usual = {"base_url": served.url, "locale": "zh-CN", "viewport": {"width": width, "height": height}}
        settings = {**usual, **how}
        context = browser.new_context(**settings)
        contexts.append(context)
        _listen(context, urlsplit(settings["base_url"]).netloc, complaints.append)
        context.on("request", lambda asked: addresses.append(asked.url))
        page = context.new_page()
        if phone:
            sign_in(page, phone)
        if path:
            # A page opens its socket once it is alive; what is clicked before goes nowhere.
            with page.expect_websocket():
                page.goto(path)
        return page

    yield open_window
    if request.node.stash.get(FAILED, False):
        _keep_pictures(contexts, request.node.name)
    for context in contexts:
        context.close()
    assert complaints == []


def _listen(context: BrowserContext, host: str, complain: Callable[[str], None]) -> None:
    def on_console(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and LEFT_WHILE_CONNECTING not in said.text:
            complain(said.text)

    def on_request(asked: Request) -> None:
        if urlsplit(asked.url).netloc not in ("", host):
            complain(f"asked {asked.url}")

    context.on("console", on_console)
    context.on("weberror", lambda failed: complain(str(failed.error)))
    context.on("request", on_request)


def _keep_pictures(contexts: list[BrowserContext], test: str) -> None:
    pages = [page for context in contexts for page in context.pages]
    for position, page in enumerate(pages, 1):
        page.screenshot(path=f"test-results/{test}-{position}.png")
