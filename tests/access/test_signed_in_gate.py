"""What is answered once there are accounts: nothing to nobody, to people what they may have."""

import time

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg

from chunshui.access import signed_in_gate
from chunshui.access.messages import MOST_BYTES
from chunshui.paths import ROOT
from tests.access.accounts import BASE, client, made, sign_in
from tests.access.test_signing_in import quick  # noqa: F401

STREAM, OWN = "ws://127.0.0.1/_stcore/stream", {"origin": BASE}
MEDIA = "/media/" + "a1" * 12 + ".csv"


@pytest.fixture
def server(tmp_path):
    return made(tmp_path)


@pytest.fixture
def leader(server) -> TestClient:
    browser = client(server)
    assert sign_in(browser, "lina").status_code == 303
    return browser


def rerun(auto: bool = False) -> bytes:
    message = BackMsg()
    message.rerun_script.is_auto_rerun = auto
    message.rerun_script.query_string = "a=b"
    return message.SerializeToString()


# ---------------------------------------------------------------- nobody


@pytest.mark.parametrize(
    "path",
    [
        *("/static/index.html", "/_stcore/metrics", "/_stcore/host-config", "/favicon.png"),
        *("/_stcore/script-health-check", "/_stcore/agent/openapi.json", "/manifest.json"),
        *("/media/" + "a" * 40, "/component/x", "/_stcore/bidi-components/x", "/auth/login"),
        *(
            "/auth/logout",
            "/oauth2callback",
            "/_stcore/stream",
            "//versions",
            "/./versions",
            "/signin/",
        ),
        *(
            "/signin/../versions",
            "/SIGNIN",
            "/metrics",
            "/healthz/x",
            "/_stcore/health/..;/metrics",
        ),
        *("/signin%2f..", "/%2e%2e/", "/robots.txt", "/.streamlit/config.toml", "/land/x.json"),
        *("/app/static/fonts/x.woff2", "/signout"),
    ],
)
def test_nobody_gets_anything(server, path):
    answer = client(server).get(path, headers={"accept": "*/*"})
    assert answer.status_code in (401, 404)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "POST", "PATCH", "TRACE", "HEAD"])
def test_nobody_by_any_method(server, method):
    upload = "/_stcore/upload_file/" + "a" * 20
    assert client(server).request(method, upload, headers=OWN).status_code in (401, 405)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"cookie": "chunshui=made-up"},
        {"x-chunshui-user": "zhao", "x-chunshui-signin": "x"},
    ],
)
def test_no_socket_for_nobody(server, headers):
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client(server).websocket_connect(STREAM, headers=OWN | headers),
    ):
        pass
    assert refused.value.status_code == 401


def test_health_is_for_everybody(server):
    for path in ("/healthz", "/readyz", "/_stcore/health"):
        assert client(server).get(path).status_code == 200


# ---------------------------------------------------------------- somebody


def test_pages_and_what_they_are_made_of(leader):
    static = ROOT / "chunshui" / "static"
    ours = [f"/app/static/{one.relative_to(static)}" for one in static.rglob("*.[wp]*")]
    assert {one.rpartition(".")[2] for one in ours} == {"woff2", "png"}
    streamlits = ("/static/js/x.js", "/_stcore/host-config")
    for path in ("/", "/circles", *streamlits, "/land/a-b.json", *ours):
        answer = leader.get(path)
        assert answer.status_code == 200
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        *("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/interact"),
        *("/component/x/y", "/auth/logout", "/circles/x"),
    ],
)
def test_paths_nobody_needs_are_closed_to_all(leader, path):
    assert leader.get(path).status_code == 404
    assert leader.post(path, headers=OWN).status_code in (403, 405)


def test_headers_that_only_the_gate_may_set(leader):
    told = leader.get("/circles", headers={"X-Chunshui-User": "zhao"}).json()
    assert "x-chunshui-user" not in told


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1@evil"])
def test_other_hosts(leader, host):
    assert leader.get("/circles", headers={"host": host}).status_code == 421
    with (
        pytest.raises(WebSocketDisconnect),
        leader.websocket_connect(STREAM, headers={"host": host, "origin": f"http://{host}"}),
    ):
        pass


@pytest.mark.parametrize(
    "origin", [None, "http://evil.example", "http://127.0.0.1:9", "null", "http://["]
)
def test_sockets_of_other_pages(leader, origin):
    headers = {"origin": origin} if origin else {}
    with pytest.raises(WebSocketDisconnect), leader.websocket_connect(STREAM, headers=headers):
        pass


def test_an_address_is_for_whom_it_was_handed_to(server, leader):
    other = client(server)
    sign_in(other, "wang")
    assert leader.get(MEDIA).status_code == 403
    with leader.websocket_connect(STREAM, headers=OWN) as socket:
        socket.send_bytes(rerun())
        socket.receive_bytes()
        assert leader.get(MEDIA).status_code == 200
        assert leader.get(MEDIA).headers["cache-control"] == "no-store"
        assert other.get(MEDIA).status_code == 403
        assert client(server).get(MEDIA).status_code == 401
        upload = MEDIA.replace("/media/", "/_stcore/upload_file/")
        assert leader.put(upload, content=b"x", headers=OWN).status_code == 403


def test_uploads_are_of_those_who_may_and_no_larger(server):
    steward = client(server)
    sign_in(steward, "zhao")
    upload = "/_stcore/upload_file/" + "b" * 30
    assert steward.put(upload, content=b"x", headers=OWN).status_code == 403
    one = next(iter(server.signins._by_public.values()))
    one.addresses[upload] = None
    assert steward.put(upload, content=b"x", headers=OWN).status_code == 200
    assert steward.put(upload, content=iter([b"x"]), headers=OWN).status_code == 411
    big = {"content-length": str(signed_in_gate.MOST_BODY_BYTES + 1)}
    assert steward.put(upload, content=b"x", headers=OWN | big).status_code == 413
    server.accounts.set_role("zhao", "leader")
    assert steward.put(upload, content=b"x", headers=OWN).status_code == 403


def test_only_what_our_pages_say_goes_through(leader):
    with leader.websocket_connect(STREAM, headers=OWN) as socket:
        for kind in ("clear_cache", "load_git_info"):
            message = BackMsg()
            setattr(message, kind, True)
            socket.send_bytes(message.SerializeToString())
        files = BackMsg()
        files.file_urls_request.file_names.append("x.xlsx")
        socket.send_bytes(files.SerializeToString())  # a leader uploads nothing
        socket.send_bytes(rerun())
        assert socket.receive_bytes().endswith(rerun())


@pytest.mark.parametrize("bad", [b"\xff\xff", b"0" * (MOST_BYTES + 1), None])
def test_what_no_browser_sends_ends_the_connection(leader, bad):
    with leader.websocket_connect(STREAM, headers=OWN) as socket:
        if bad is None:
            socket.send_text("text")
        else:
            socket.send_bytes(bad)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_bytes()
        assert closed.value.code == signed_in_gate.REFUSED


@pytest.mark.parametrize("end", ["signout", "disable"])
def test_an_open_page_ends_with_its_sign_in(server, leader, monkeypatch, end):
    monkeypatch.setattr(signed_in_gate, "LOOK_EVERY_SECONDS", 0.05)
    with leader.websocket_connect(STREAM, headers=OWN) as socket:
        if end == "signout":
            leader.post("/signout", headers=OWN)
        else:
            server.accounts.set_disabled("lina", True)
        started = time.monotonic()
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_bytes()
        assert closed.value.code == signed_in_gate.ENDED
        assert time.monotonic() - started < 5


def test_a_timer_keeps_nobody_signed_in(server, leader):
    one = next(iter(server.signins._by_public.values()))
    with leader.websocket_connect(STREAM, headers=OWN) as socket:
        used = one.used
        socket.send_bytes(rerun(auto=True))
        socket.receive_bytes()
        assert one.used == used
        socket.send_bytes(rerun())
        socket.receive_bytes()
        assert one.used > used


def test_so_many_pages_and_no_more(leader, monkeypatch):
    monkeypatch.setattr(signed_in_gate, "SOCKETS_PER_SIGNIN", 1)
    with (
        leader.websocket_connect(STREAM, headers=OWN),
        pytest.raises(WebSocketDenialResponse) as refused,
        leader.websocket_connect(STREAM, headers=OWN),
    ):
        pass
    assert refused.value.status_code == 403
    with leader.websocket_connect(STREAM, headers=OWN):
        pass
