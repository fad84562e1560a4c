"""A server over the demonstration, a Chromium, and pages that note what they ask for."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    BrowserContext,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.browser.server import FLAGS, chromium, serve

PHONE_WIDTH = 390
# Plotly goes on to measure the words of a chart that the next page has taken away; nothing is lost.
LEFT = {"Cannot read properties of undefined (reading 'typesetMath')"}
OWN = ("data:", "blob:", "about:", "chrome-error:")
# Until a busy server begins the run that it was asked for, the page of before stands there as if at
# rest. To ask is a BackMsg with rerun_script, to begin a ForwardMsg with new_session after its hash.
ASKED = """() => {
  const begins = (bytes) => {
    let at = 0;
    while ([0x0a, 0x12].includes(bytes[at])) at += 2 + bytes[at + 1];
    return bytes[at] === 0x22;
  };
  const known = new WeakSet(), send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (data[0] === 0x5a) window.isWaiting = true;
    if (!known.has(this)) this.addEventListener("message",
      ({data}) => { if (begins(new Uint8Array(data))) window.isWaiting = false; });
    known.add(this);
    send.call(this, data);
  };
}"""
# What is measured in one step cannot be drawn anew between being found and being measured.
BOX = "one => (({x, y, width, height}) => [x, y, width, height])(one.getBoundingClientRect())"
# Resolves when nothing in the page has changed for so many milliseconds, no script runs or is asked
# to, and nothing glides (a map to what is chosen): what is measured then is there to be clicked.
STILL = """quiet => new Promise((done, fail) => {
  const app = document.querySelector("[data-testid=stApp]");
  const ends = (one) => one.playState === "running" && isFinite(one.effect.getComputedTiming().endTime);
  const moving = () => Object.entries({
    asked: window.isWaiting, script: app.dataset.testScriptState !== "notRunning",
    skeleton: document.querySelector("[data-testid=stSkeleton]"), glides: document.getAnimations().some(ends),
  }).filter(([, holds]) => holds).map(([what]) => what);
  let timer;
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => moving().length ? wait() : end(done), quiet); };
  const end = what => { clearTimeout(timer); clearTimeout(last); moves.disconnect(); what(); };
  const last = setTimeout(() => end(() => fail(`the page does not come to rest: ${moving()}`)), 60000);
  const moves = new MutationObserver(wait);
  moves.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  wait();
})"""
IS_LIGHT = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  return app !== null && getComputedStyle(app).colorScheme === "light";
}"""
# As a link inside the app does: another page or other parameters, without loading all anew.
LEAD = """address => {
  history.pushState({}, "", address); dispatchEvent(new PopStateEvent("popstate", {state: {}}))
}"""
expect.set_options(timeout=20_000)  # the other worker's tests take the processor, too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as needing a browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def url(published: Path) -> Iterator[str]:
    """The address of a server over the demonstration, shared by the tests that only look."""
    with serve(published) as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, which keeps an event loop running from here on."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def desk(playwright: Playwright, tmp_path_factory) -> Iterator[BrowserContext]:
    """The one profile of the run: what Chromium has fetched and compiled of the app is kept."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"),
        executable_path=_executable(),
        args=FLAGS,
        locale="zh-CN",
    )
    context.add_init_script(f"({ASKED})()")
    yield context
    context.close()


def _executable() -> str:
    executable = chromium()
    if executable is None:
        pytest.skip("没有可用的 Chromium；python -m tests.chromium 可以装一个")
    return executable


@pytest.fixture(scope="session")
def idle() -> dict[bool, list[Page]]:
    """Pages (phones, desks) that no test looks at: to load the app anew takes most of a short test."""
    return {True: [], False: []}


@pytest.fixture
def open_page(desk: BrowserContext, idle: dict[bool, list[Page]], url: str):
    """Return a function that opens an address in a page that nobody else looks at.

    After the test, whatever a page asked of any host but its own, or threw, is an error.
    """
    pages, outside, thrown = [], [], []

    def open_one(address: str, width: int = 1440, height: int = 900, dark: bool = False) -> Page:
        alike = idle[width <= PHONE_WIDTH]
        used = alike and address.startswith(url)
        page = alike.pop() if used else desk.new_page()
        _put(page, width, height, dark)
        own = {urlsplit(address).netloc, urlsplit(url).netloc}

        def note(asked: str) -> None:
            if urlsplit(asked).netloc not in own and not asked.startswith(OWN):
                outside.append(asked)

        listeners = {
            "request": lambda request: note(request.url),
            "websocket": lambda socket: note(socket.url),
            "pageerror": lambda error: str(error) in LEFT or thrown.append(str(error)),
        }
        for event, listener in listeners.items():
            page.on(event, listener)
        pages.append((page, listeners, width))
        if used:
            page.evaluate(LEAD, address)
            settle(page, 400)
        else:
            page.goto(address)
            settle(page)
        return page

    yield open_one
    for page, listeners, width in pages:
        page.evaluate("localStorage.clear(); sessionStorage.clear(); document.activeElement.blur()")
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
        page.mouse.move(0, 0)
        if page.url.startswith(url) and page.evaluate(IS_LIGHT):
            idle[width <= PHONE_WIDTH].append(page)
        else:  # it asks for a server that is gone, or is dark
            page.close()
    assert not outside, f"the page asked other hosts: {outside}"
    assert not thrown, f"the page threw: {thrown}"


def look(page: Page, width: int, height: int, dark: bool) -> None:
    """Look at an open page in a window of another size, in the dark or in the light."""
    _put(page, width, height, dark)
    settle(page, 400)  # the script runs again for other colours


def _put(page: Page, width: int, height: int, dark: bool) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if dark else "light")


def settle(page: Page, quiet: int = 200) -> None:
    """Wait until the script has run, all it sent is drawn, and for `quiet` ms nothing has moved."""
    expect(page.get_by_test_id("stApp")).to_be_attached(timeout=30_000)
    page.evaluate(STILL, quiet)


def click_on(part: Locator) -> None:
    """Click on the middle of a part of a picture, whatever plotly has laid over it, in sight and at rest."""
    part.scroll_into_view_if_needed()
    settle(part.page)
    x, y, width, height = part.evaluate(BOX)
    part.page.mouse.click(x + width / 2, y + height / 2)
