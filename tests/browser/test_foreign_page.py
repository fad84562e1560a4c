"""A page of somebody else, open in the same real browser, cannot reach the dashboard."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle
from tests.browser.server import REBOUND


class Evil(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<!doctype html><p>别人的网页".encode())

    def log_message(self, *parts):
        pass


@pytest.fixture(scope="module")
def other_port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Evil) as other:
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        yield other.server_address[1]
        other.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def page(desk) -> Iterator[Page]:
    page = desk.new_page()
    yield page
    page.close()


SOCKET = """url => new Promise(done => {
  const socket = new WebSocket(url, ["streamlit"]);
  socket.onopen = () => done("open"); socket.onerror = () => done("refused")
})"""
FETCH = "([url, how]) => fetch(url, how).then(answer => answer.type, () => 'refused')"
FRAME = """url => new Promise(done => {
  const frame = document.body.appendChild(document.createElement("iframe"));
  frame.onload = () => setTimeout(() => done(window.frames.length), 300); frame.src = url
})"""
IMAGE = """url => new Promise(done => {
  const image = new Image(); image.onload = () => done("shown");
  image.onerror = () => done("refused"); image.src = url
})"""
OPENED = """url => { window.other = window.open(url) }"""


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_on_another_port(url, page, other_port, name):
    page.goto(f"http://{name}:{other_port}/")
    for own in ("127.0.0.1", "localhost"):
        here = url.replace("127.0.0.1", own)
        assert page.evaluate(SOCKET, f"ws{here[4:]}/_stcore/stream") == "refused"
        assert page.evaluate(FETCH, [f"{here}/healthz", {}]) == "refused"
        put = {"method": "PUT", "body": "x", "headers": {"X-Xsrftoken": "x"}}
        assert page.evaluate(FETCH, [f"{here}/_stcore/upload_file/a/b", put]) == "refused"
        assert page.evaluate(IMAGE, f"{here}/favicon.png") == "refused"
        page.evaluate(FRAME, f"{here}/versions")
        assert not [frame for frame in page.frames[1:] if frame.locator("#root").count()]


def test_a_name_that_leads_here(url, page):
    rebound = url.replace("127.0.0.1", REBOUND)
    page.goto(f"{rebound}/")
    expect(page.locator("body")).to_contain_text("不认识这个网址")
    assert page.evaluate(SOCKET, f"ws{rebound[4:]}/_stcore/stream") == "refused"


def test_a_link_followed_opens_the_page_and_gives_no_hold_on_it(url, page, other_port):
    page.goto(f"http://127.0.0.1:{other_port}/")
    with page.expect_popup() as opened:
        page.evaluate(OPENED, f"{url}/circles")
    ours = opened.value
    settle(ours)
    expect(ours.get_by_role("heading", name="十分钟圈").first).to_be_visible()
    assert ours.evaluate("window.opener") is None
    assert page.evaluate("window.other.closed"), "the opener still holds our window"


def test_our_own_page_reaches_all_of_it(url, page):
    """The refusals above are the gate's doing, not a slip of these tests."""
    page.goto(f"{url}/")
    settle(page)
    assert page.evaluate(SOCKET, f"ws{url[4:]}/_stcore/stream") == "open"
    assert page.evaluate(FETCH, [f"{url}/healthz", {}]) == "basic"
    assert page.evaluate(IMAGE, f"{url}/favicon.png") == "shown"
