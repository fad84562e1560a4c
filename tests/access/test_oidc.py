"""Signing in by an issuer: only who it vouches for to us, in this browser, now, and has an account."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from chunshui import cli
from chunshui.access import deployment, oidc
from chunshui.errors import ChunshuiError
from tests.access import accounts
from tests.access.issuer import URL, Issuer
from tests.access.test_signing_in import quick  # noqa: F401

BACK = "/signin/oidc/back"


@pytest.fixture
def issuer():
    return Issuer()


@pytest.fixture
def server(issuer, tmp_path, monkeypatch):
    """A deployment whose issuer is asked in this process."""
    client = oidc.Oidc(URL, "chunshui", "secret", transport=httpx2.ASGITransport(app=issuer.app))
    monkeypatch.setattr(deployment, "from_environment", lambda: client)
    found = accounts.made(tmp_path)
    found.accounts.set_subject("lina", URL, "u-1001")
    return found


def at_issuer(issuer: Issuer, address: str) -> str:
    """Let the issuer send the browser back; return the path it comes back to."""
    answer = TestClient(issuer.app, URL, follow_redirects=False).get(address)
    back = urlsplit(answer.headers["location"])
    assert back.path == BACK
    return f"{back.path}?{back.query}"


def go(browser: TestClient, issuer: Issuer, next_page: str = "/") -> str:
    """Set out for the issuer; return the path the browser comes back to."""
    answer = browser.get("/signin/oidc", params={"next": next_page})
    assert answer.status_code == 302
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{accounts.BASE}{BACK}"]
    assert asked["scope"] == ["openid"] and asked["code_challenge_method"] == ["S256"]
    return at_issuer(issuer, answer.headers["location"])


def is_in(browser: TestClient) -> bool:
    return browser.get("/versions", headers={"accept": "*/*"}).status_code == 200


def last_line(server) -> tuple[str, str]:
    *_, line = server.audit.lines()
    return line["what"], line["by"]


def test_a_person_of_the_issuer_comes_in_to_the_page_asked_for(server, issuer):
    browser = accounts.client(server)
    page = browser.get("/signin", params={"next": "/circles"}).text
    assert re.search(r'href="/signin/oidc\?next=%2Fcircles"', page)
    answer = browser.get(go(browser, issuer, "/circles?month=2026-03"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/circles?month=2026-03")
    assert is_in(browser)
    assert last_line(server) == ("登录（统一身份认证）", "lina")


@pytest.mark.parametrize(
    "spoil", ["issuer", "audience", "time", "nonce", "key", "unsigned", "absent"]
)
def test_a_token_that_proves_nothing_lets_nobody_in(server, issuer, spoil):
    browser = accounts.client(server)
    issuer.spoil = spoil
    answer = browser.get(go(browser, issuer))
    assert answer.status_code == 403 and "统一身份认证没有成功" in answer.text
    assert "Traceback" not in answer.text and not is_in(browser)
    assert last_line(server)[0] == "统一身份认证未通过"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda back: re.sub(r"state=[^&]*", "state=made-up", back),
        lambda back: re.sub(r"&?state=[^&]*", "", back),
        lambda back: re.sub(r"code=[^&]*", "code=made-up", back),
        lambda back: f"{BACK}?error=access_denied&state=x",
        lambda back: BACK,
    ],
)
def test_an_answer_the_issuer_did_not_give_lets_nobody_in(server, issuer, spoil):
    browser = accounts.client(server)
    assert browser.get(spoil(go(browser, issuer))).status_code == 403
    assert not is_in(browser)


def test_an_answer_works_once_and_in_the_browser_that_asked(server, issuer):
    browser, other = accounts.client(server), accounts.client(server)
    back = go(browser, issuer)
    assert other.get(back).status_code == 403  # who is sent a link does not become its sender
    assert not is_in(other)
    kept = dict(browser.cookies)
    assert browser.get(back).status_code == 303
    other.cookies.update({name: kept[name] for name in kept if name == "chunshui_way"})
    assert other.get(back).status_code == 403
    assert not is_in(other)


@pytest.mark.parametrize("end", ["unknown", "disabled", "removed"])
def test_who_has_no_account_is_told_so(server, issuer, end):
    if end == "unknown":
        issuer.subject = "u-2002"
    elif end == "disabled":
        server.accounts.set_disabled("lina", True)
    else:
        server.accounts.set_subject("lina", URL, "")
    browser = accounts.client(server)
    answer = browser.get(go(browser, issuer))
    assert answer.status_code == 403 and "还没有账号" in answer.text
    assert not is_in(browser)


def test_the_same_name_of_another_issuer_is_somebody_else(server, issuer):
    server.accounts.set_subject("lina", "https://other.example", "u-1001")
    browser = accounts.client(server)
    assert browser.get(go(browser, issuer)).status_code == 403


def test_a_password_is_for_emergencies_then(server):
    assert accounts.sign_in(accounts.client(server), "zhao").status_code == 401
    server.accounts.set_emergency("zhao", True)
    assert accounts.sign_in(accounts.client(server), "zhao").status_code == 303


def test_an_issuer_out_of_reach_is_said(tmp_path, monkeypatch):
    def refuse(request):
        raise httpx2.ConnectError("no")

    client = oidc.Oidc(URL, "chunshui", "secret", transport=httpx2.MockTransport(refuse))
    monkeypatch.setattr(deployment, "from_environment", lambda: client)
    answer = accounts.client(accounts.made(tmp_path)).get("/signin/oidc")
    assert answer.status_code == 502 and "没有应答" in answer.text


def test_without_an_issuer_there_is_no_such_way(tmp_path):
    browser = accounts.client(accounts.made(tmp_path))
    assert "统一身份" not in browser.get("/signin").text
    for path in ("/signin/oidc", BACK):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("issuer", "client", "mode", "said"),
    [
        (URL, "", 0o600, "三个环境变量"),
        ("http://id.example", "chunshui", 0o600, "https 开头"),
        (URL, "chunshui", 0o644, "别人也能读"),
        (URL, "chunshui", None, "读不到"),
    ],
)
def test_half_a_configuration_is_said(tmp_path, monkeypatch, issuer, client, mode, said):
    file = tmp_path / "secret.txt"
    if mode is not None:
        file.write_text("secret")
        file.chmod(mode)
    for name, value in zip(oidc.NAMES, (issuer, client, str(file)), strict=True):
        monkeypatch.setenv(name, value)
    with pytest.raises(ChunshuiError, match=said):
        oidc.from_environment()


def test_the_command_matches_one_person_to_one_account(server, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path))
    assert cli.main(["access", "oidc", "wang", "u-3003"]) == 1
    assert oidc.NAMES[0] in capsys.readouterr().err
    monkeypatch.setenv(oidc.NAMES[0], URL + "/")
    assert cli.main(["access", "oidc", "wang", "u-1001"]) == 1
    assert "已归账号“lina”" in capsys.readouterr().err
    assert cli.main(["access", "oidc", "wang", "u-3003"]) == 0
    assert server.accounts.of_subject(URL, "u-3003") == "wang"
    assert cli.main(["access", "emergency", "zhao"]) == 0
    assert cli.main(["access", "list"]) == 0
    said = capsys.readouterr().out
    assert "统一身份u-3003" in said and "应急口令" in said
