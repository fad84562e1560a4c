"""A server over the demonstration, a Chromium, and pages that note what they ask for."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.server import FLAGS, chromium, serve

OWN = ("data:", "blob:", "about:", "chrome-error:")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as needing a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def url(published: Path) -> Iterator[str]:
    """The address of a server over the demonstration, shared by the tests that only look."""
    with serve(published) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium for the whole run."""
    executable = chromium()
    if executable is None:
        pytest.skip("没有可用的 Chromium；python -m tests.chromium 可以装一个")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Callable[[int, int, bool], BrowserContext]:
    """Return a function that gives the context of a size and appearance, one for the whole run.

    What Chromium has fetched and compiled of the app is kept from page to page, as at a desk.
    """

    @cache
    def window(width: int, height: int, dark: bool) -> BrowserContext:
        return browser.new_context(
            locale="zh-CN",
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
        )

    return window


@pytest.fixture
def open_page(windows):
    """Return a function that opens an address in a page of its own.

    After the test, whatever a page asked of any host but its own, or threw, is an error.
    """
    pages, outside, thrown = [], [], []

    def open_one(address: str, width: int = 1440, height: int = 900, dark: bool = False) -> Page:
        page = windows(width, height, dark).new_page()
        pages.append(page)
        own = urlsplit(address).netloc

        def note(asked: str) -> None:
            if urlsplit(asked).netloc != own and not asked.startswith(OWN):
                outside.append(asked)

        page.on("request", lambda request: note(request.url))
        page.on("websocket", lambda socket: note(socket.url))
        page.on("pageerror", lambda error: thrown.append(str(error)))
        page.goto(address)
        settle(page)
        return page

    yield open_one
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.close()
    assert not outside, f"the page asked other hosts: {outside}"
    assert not thrown, f"the page threw: {thrown}"


def settle(page: Page) -> None:
    """Wait until the script has run and everything it sent is drawn."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=30_000)
    page.wait_for_timeout(300)
