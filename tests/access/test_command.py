"""`access` on the command line, and one real server with accounts from the sign-in page to its end."""

import io
import re
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from chunshui import cli
from chunshui.access import deployment
from tests.access.accounts import PASSWORD
from tests.browser.server import serve


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def run(monkeypatch, *arguments: str, password: str = PASSWORD) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    return cli.main(["access", *arguments])


def test_a_life_of_an_account(data, monkeypatch, capsys):
    assert run(monkeypatch, "list") == 0
    assert "打开即用" in capsys.readouterr().out
    assert run(monkeypatch, "add", "lina", "leader", "--name", "区委办") == 0
    assert run(monkeypatch, "add", "lina", "leader") == 1
    assert run(monkeypatch, "add", "boss", "boss") == 1
    assert run(monkeypatch, "add", "wang", "analyst", password="short") == 1
    assert run(monkeypatch, "reset", "lina", password="another-Word-77") == 0
    assert run(monkeypatch, "role", "lina", "steward") == 0
    assert run(monkeypatch, "disable", "lina") == 0
    capsys.readouterr()
    assert run(monkeypatch, "list") == 0
    assert capsys.readouterr().out == "lina　台账员　区委办　停用\n"
    assert run(monkeypatch, "enable", "lina") == 0
    assert run(monkeypatch, "disable", "nobody") == 1
    assert deployment.accounts().verify("lina", "another-Word-77")
    capsys.readouterr()
    assert run(monkeypatch, "log") == 0
    text = capsys.readouterr().out
    assert [
        re.search("(新增账号|换口令|改角色|停用账号|启用账号)", one)[1] for one in text.splitlines()
    ] == [*("新增账号", "换口令", "改角色", "停用账号", "启用账号")]
    assert "another-Word-77" not in text
    assert run(monkeypatch, "verify") == 0
    log = deployment.audit().path
    log.write_bytes(log.read_bytes().replace(b"lina", b"wang", 1))
    assert run(monkeypatch, "verify") == 1


def test_from_the_sign_in_page_to_the_end_of_the_sign_in(data):
    deployment.accounts().add("lina", PASSWORD, "leader", "")
    with serve(data) as url:
        assert _handshake(url, "") == 401
        cookies = CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        page = browser.open(f"{url}/circles").read().decode()
        form = re.search(r'name="form" value="([^"]+)"', page)[1]
        fields = urlencode({"form": form, "account": "lina", "password": PASSWORD, "next": "/"})
        asked = urllib.request.Request(f"{url}/signin", fields.encode(), {"Origin": url})
        assert browser.open(asked).url == f"{url}/"
        token = next(one.value for one in cookies if one.name == "chunshui")
        with _socket(url, f"chunshui={token}") as wire:
            session = _run(wire)
            assert session
            # Whoever knows a session's id does not resume it without its sign-in.
            other = deployment.deployment().signins.open("lina")
            assert _handshake(url, f"chunshui={other}x", session) == 401
            deployment.accounts().set_disabled("lina", True)
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    wire.recv(timeout=10)
            assert closed.value.rcvd.code == 4401
        assert _handshake(url, f"chunshui={token}") == 401


def _socket(url: str, cookie: str, session: str = ""):
    return connect(
        f"{url.replace('http', 'ws')}/_stcore/stream",
        origin=url,
        subprotocols=["streamlit", *(["x", session] if session else [])],
        additional_headers={"Cookie": cookie},
        max_size=None,
        compression=None,
        proxy=None,
    )


def _handshake(url: str, cookie: str, session: str = "") -> int:
    try:
        with _socket(url, cookie, session):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def _run(wire) -> str:
    """Run the script once; return the id of the session."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    wire.send(message.SerializeToString())
    session = ""
    while True:
        answer = ForwardMsg.FromString(wire.recv(timeout=30))
        if answer.WhichOneof("type") == "new_session":
            session = answer.new_session.initialize.session_id
        if answer.WhichOneof("type") == "script_finished":
            return session
