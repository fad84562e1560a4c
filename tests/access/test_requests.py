"""Which requests are answered: those of a browser of this computer, for our own pages."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse

from chunshui.access.gate import MOST_BODY_BYTES, Gate
from tests.access.wire import UPGRADE, ask, handshake, send

EVERY = [ask, handshake]


def own(port: int, name: str = "127.0.0.1") -> tuple[str, str]:
    return f"Host: {name}:{port}", f"Origin: http://{name}:{port}"


# ---------------------------------------------------------------- what is answered


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "127.0.0.2", "[::1]"])
def test_this_computer_by_its_names(port, name):
    assert handshake(port, *own(port, name))[0] == 101
    assert ask(port, own(port, name)[0])[0] == 503  # nothing is published: that is said
    assert ask(port, *own(port, name), line="GET / HTTP/1.1")[0] == 200


def test_a_link_followed_from_another_page(port):
    arrived = ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")
    line = "GET /circles?street=%E5%8F%A4%E7%94%B0 HTTP/1.1"
    assert ask(port, own(port)[0], *arrived, line=line)[0] == 200


def test_answers_forbid_frames_openers_and_guessing(port):
    for line in ("GET / HTTP/1.1", "GET /healthz HTTP/1.1", "GET /media/none HTTP/1.1"):
        answer = ask(port, own(port)[0], line=line)[1].lower()
        assert "content-security-policy: frame-ancestors 'none'" in answer
        assert "cross-origin-opener-policy: same-origin" in answer
        assert "cross-origin-resource-policy: same-origin" in answer
        assert "x-content-type-options: nosniff" in answer


def test_no_page_around_ours_may_steer_it(port):
    answer = ask(port, own(port)[0], line="GET /_stcore/host-config HTTP/1.1")[1]
    assert '"allowedOrigins":[]' in answer


# ---------------------------------------------------------------- what is not


@pytest.mark.parametrize("try_it", EVERY)
@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.localhost:{port}",
            "evil.example:{port}",
            "evil.example",
            "127.0.0.1.evil.example:{port}",
            "localhost:1",
        ),
        *("127.0.0.1", "localhost", "127.0.0.1:{port}.evil.example", "localhost.:{port}"),
        *("127.0.0.1.:{port}", "127.1:{port}", "2130706433:{port}", "0x7f000001:{port}"),
        *("0x7f.0.0.1:{port}", "0177.0.0.1:{port}", "127.0.0.01:{port}", "0.0.0.0:{port}"),
        *("evil@127.0.0.1:{port}", "127.0.0.1:{port}@evil.example", "127.0.0.1:{port}/x"),
        *("[::ffff:127.0.0.1]:{port}", "[::]:{port}", "::1:{port}", "[::1%25lo]:{port}"),
        *("192.168.1.4:{port}", "localhost:{port}:{port}", "127.0.0.1:+{port}", "lo\u00e7alhost"),
        *("127.0.0.1:{port},evil.example", "http://127.0.0.1:{port}", "127.0.0.1:0{port}0", ""),
    ],
)
def test_names_that_lead_here(port, try_it, host):
    host = host.format(port=port)
    status, answer = try_it(port, f"Host: {host}", f"Origin: http://{host}")
    assert status in (421, 400)
    assert status == 400 or "不认识这个网址" in answer


@pytest.mark.parametrize("try_it", EVERY)
def test_two_hosts_or_none(port, try_it):
    here, origin = own(port)
    assert try_it(port, here, "Host: evil.example", origin)[0] in (400, 421)
    assert try_it(port, "Host: evil.example", here, origin)[0] in (400, 421)
    assert try_it(port, origin)[0] in (400, 421)
    assert ask(port, line="GET / HTTP/1.0")[0] == 421


@pytest.mark.parametrize(
    "target", ["http://evil.example/", "http://127.0.0.1/", "//evil.example/", "*", "evil"]
)
def test_the_whole_address_in_the_request_line(port, target):
    status, answer = ask(port, *own(port), line=f"GET {target} HTTP/1.1")
    assert status in (400, 421)
    assert "<html" not in answer


FOREIGN = [
    *("http://evil.example", "http://localhost:9999", "http://127.0.0.1:9999", "http://127.0.0.1"),
    *("https://127.0.0.1:{port}", "http://localhost:{port}", "http://[::1]:{port}", "null", ""),
    *("file://", "http://127.0.0.1:{port}.evil.example", "http://evil@127.0.0.1:{port}"),
    *(
        "http://127.0.0.1:{port}/",
        "chrome-extension://abc",
        "127.0.0.1:{port}",
        "ws://127.0.0.1:{port}",
    ),
]


@pytest.mark.parametrize("try_it", EVERY)
@pytest.mark.parametrize("origin", FOREIGN)
def test_other_pages(port, try_it, origin):
    status, answer = try_it(port, own(port)[0], f"Origin: {origin.format(port=port)}")
    assert status == 403
    assert "不接受其他网页发来的请求" in answer


def test_two_origins(port):
    here, origin = own(port)
    for both in ((origin, "Origin: http://evil.example"), ("Origin: null", origin)):
        assert ask(port, here, *both)[0] == 403
        assert handshake(port, here, *both)[0] in (400, 403)
    assert handshake(port, here, origin, origin)[0] in (400, 403)


def test_a_socket_without_an_origin_is_no_browsers(port):
    assert handshake(port, own(port)[0])[0] == 403


@pytest.mark.parametrize("dest", ["iframe", "frame", "embed", "object", "empty", "image", "script"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_our_pages_within_another(port, site, dest):
    mode = "navigate" if dest in ("iframe", "frame", "embed", "object") else "no-cors"
    fetched = (f"Sec-Fetch-Site: {site}", f"Sec-Fetch-Mode: {mode}", f"Sec-Fetch-Dest: {dest}")
    assert ask(port, own(port)[0], *fetched, line="GET /versions HTTP/1.1")[0] == 403


@pytest.mark.parametrize("try_it", EVERY)
@pytest.mark.parametrize(
    "header",
    [
        *("X-Forwarded-For: 203.0.113.5", "x-forwarded-for: 127.0.0.1", "Forwarded: for=127.0.0.1"),
        *("Via: 1.1 proxy", "X-Real-IP: 203.0.113.5", "X-Forwarded-Host: evil.example"),
        *("X-Forwarded-Proto: https", "X-Forwarded: for=1.2.3.4", "X-Original-URL: /versions"),
        *("X-Client-IP: 203.0.113.5", "True-Client-IP: 1.2.3.4", "CF-Connecting-IP: 1.2.3.4"),
        *("X-Cluster-Client-IP: 1.2.3.4", "X-Forwarded-For:", "X-Forwarded-Prefix: /x"),
    ],
)
def test_proxies(port, try_it, header):
    status, answer = try_it(port, *own(port), header)
    assert status == 403
    assert "不能经代理打开" in answer


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"])
def test_what_our_pages_never_do(port, method):
    for path in ("/", "/healthz", "/_stcore/agent/interact", "/media/x", "/_stcore/stream"):
        line = f"{method} {path} HTTP/1.1"
        assert ask(port, *own(port), "Content-Length: 0", line=line)[0] == 405


def test_uploads_say_how_long_they_are_and_are_not_long(port):
    line = "PUT /_stcore/upload_file/a/b HTTP/1.1"
    long = f"Content-Length: {MOST_BODY_BYTES + 1}"
    assert ask(port, *own(port), long, line=line)[0] == 413
    assert ask(port, *own(port), "Transfer-Encoding: chunked", line=line)[0] == 411
    assert ask(port, *own(port), "Content-Length: 1", line=line, body=b"x")[0] == 403  # no token


def test_each_request_of_a_kept_connection_is_looked_at(port):
    here, origin = own(port)
    first = f"GET /healthz HTTP/1.1\r\n{here}\r\n\r\n"
    second = "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    answer = send(port, first + second)[1]
    assert answer.startswith("HTTP/1.1 503 ") and "HTTP/1.1 421 " in answer
    upgraded = f"GET /_stcore/stream HTTP/1.1\r\nHost: evil.example\r\n{origin}\r\n{UPGRADE}\r\n"
    assert "HTTP/1.1 421 " in send(port, first + upgraded)[1]


def test_a_refusal_is_one_line_of_the_log(server):
    size = server.log.stat().st_size
    handshake(server.port, "Host: evil.example", "Origin: http://evil.example\t\xe4" + "x" * 900)
    (line,) = server.lines_since(size).strip().split("\n")
    assert line.startswith("421 不认识这个网址") and "evil.example" in line and len(line) < 400


def test_nothing_was_asked_outside(server):
    """By now many foreign Origins have come: Streamlit itself would have asked its own address."""
    log = server.log.read_text("utf-8")
    assert "external IP" not in log
    assert "without completing handshake" not in log


# ---------------------------------------------------------------- both ends, without a network


def answered(kind: str = "http", **changes) -> int:
    scope = {
        "type": kind,
        "method": "GET",
        "scheme": "http" if kind == "http" else "ws",
        "path": "/",
        "headers": [(b"host", b"127.0.0.1:8501"), (b"origin", b"http://127.0.0.1:8501")],
        "server": ("127.0.0.1", 8501),
        "client": ("127.0.0.1", 50_000),
        "extensions": {"websocket.http.response": {}},
    }
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": f"{kind}.disconnect", "code": 1000}

    asyncio.run(Gate(PlainTextResponse("ours"))(scope | changes, receive, send))
    return sent[0]["status"]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("end", ["server", "client"])
@pytest.mark.parametrize(
    "address",
    [
        *(("192.168.1.4", 8501), ("0.0.0.0", 8501), ("::", 8501), ("fe80::1", 8501), ("", 8501)),
        *(("203.0.113.5", 8501), ("/run/socket", None), ("testclient", 8501), None),
    ],
)
def test_both_ends_of_a_connection_are_loopback(kind, end, address):
    assert answered(kind) == 200
    assert answered(kind, **{end: address}) == 403


def test_https_is_an_origin_of_its_own():
    head = [(b"host", b"localhost"), (b"origin", b"https://localhost")]
    secure = {"scheme": "wss", "server": ("127.0.0.1", 443), "headers": head}
    assert answered("websocket", **secure) == 200
    assert answered("websocket", **secure | {"scheme": "ws"}) == 421
    assert answered("websocket", **secure | {"server": ("127.0.0.1", 8501)}) == 421
