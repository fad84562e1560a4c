"""Accounts: who comes in, who does not, and when it ends."""

import errno
import json
import re
import stat
import threading
import time
from unittest.mock import Mock

import pytest

from chunshui.access import accounts as accounts_module
from chunshui.access import deployment, signins, throttle
from chunshui.access.accounts import Accounts, AccountsDamagedError
from chunshui.access.signins import SignIns
from chunshui.errors import ChunshuiError
from chunshui.warehouse import durable
from tests.access.accounts import BASE, PASSWORD, client, made, sign_in


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Hash with the least work: what is tried here is who comes in, not how long a guess takes."""
    quick = accounts_module.argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts_module, "HASHER", quick)
    monkeypatch.setattr(accounts_module, "_NOBODYS", quick.hash("nobody's"))


@pytest.fixture
def server(tmp_path):
    return made(tmp_path)


@pytest.fixture
def folder(server):
    return server.accounts.path.with_name("signins")


def whats(server) -> list[str]:
    return [line["what"] for line in server.audit.lines()]


# ---------------------------------------------------------------- coming in


def test_right_password_opens_the_page_asked_for(server):
    browser = client(server)
    first = browser.get("/circles?street=x")
    assert first.status_code == 303
    assert first.headers["location"] == "/signin?next=%2Fcircles%3Fstreet%3Dx"
    answer = sign_in(browser, " Lina ", next_page="/circles?street=x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/circles?street=x")
    assert browser.get("/circles").status_code == 200
    assert whats(server) == ["登录"]


def test_the_cookie_is_a_secret_of_the_browser_that_ends_with_it(server):
    answer = sign_in(client(server), "lina")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("chunshui="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age" not in cookie and "expires" not in cookie.lower()
    token = cookie.partition("=")[2].partition(";")[0]
    assert len(token) >= 43
    files = [one for one in server.accounts.path.parent.rglob("*") if one.is_file()]
    assert all(token not in path.read_text("utf-8") for path in files)
    assert {one.parent.name for one in files} == {"access", "signins"}
    assert sign_in(client(server), "lina").headers["set-cookie"] != answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("account", "password"), [("lina", "wrong"), ("nobody", PASSWORD), ("", "")]
)
def test_wrong_ones_get_the_same_words(server, account, password):
    answer = sign_in(client(server), account, password)
    assert answer.status_code == 401
    assert "账号或口令不对。" in answer.text
    assert "chunshui=" not in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "wanted",
    [
        *("//evil.example", "https://evil.example", "/\\evil.example", "/a/../b", "javascript:x"),
        *("/x\r\nSet-Cookie: a=b", "/signin?next=/\\x", " /circles", "/CIRCLES"),
    ],
)
def test_no_way_out_to_another_site(server, wanted):
    answer = sign_in(client(server), "lina", next_page=wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_only_a_form_drawn_for_this_browser(server):
    one, other = client(server), client(server)
    form = re.search(r'name="form" value="([^"]+)"', other.get("/signin").text)[1]
    fields = {"account": "lina", "password": PASSWORD, "form": form}
    own = {"origin": BASE}
    one.get("/signin")
    assert one.post("/signin", data=fields, headers=own).status_code == 403
    assert one.post("/signin", data=fields | {"form": ""}, headers=own).status_code == 403
    assert one.post("/signin", data=fields | {"form": "x.y"}, headers=own).status_code == 403
    assert sign_in(one, "lina", origin="http://evil.example").status_code == 403
    assert sign_in(one, "lina", **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert one.get("/circles", headers={"accept": "*/*"}).status_code == 401


def test_odd_bodies(server):
    browser = client(server)
    own = {"origin": BASE}
    long = {"account": "x" * 9000}
    assert browser.post("/signin", data=long, headers=own).status_code == 413
    assert browser.post("/signin", json={}, headers=own).status_code == 415
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/signin", content=b"\xff=\xff", headers=own | kind).status_code == 400
    assert browser.post("/signin", content=b"a&" * 2000, headers=own | kind).status_code == 400


def test_the_page_is_no_file_of_streamlit(server):
    """By which `chunshui/ui/assets.py` knows to whom scripts are named: here they would be refused."""
    assert "etag" not in client(server).get("/signin").headers


def test_words_of_others_stay_words(server):
    answer = client(server).get("/signin", params={"next": '/a?"><script>x</script>'})
    assert "<script>" not in answer.text


# ---------------------------------------------------------------- guessing


def test_a_stranger_who_guesses_does_not_lock_the_leader_out(server):
    known = client(server)
    assert sign_in(known, "lina").status_code == 303
    stranger = client(server)
    for _ in range(throttle.PER_ACCOUNT):
        assert sign_in(stranger, "lina", "wrong").status_code == 401
    assert sign_in(stranger, "lina").status_code == 429  # the right one too: it was guessed
    assert sign_in(client(server), "lina").status_code == 429
    assert sign_in(known, "lina").status_code == 303
    known.cookies.set("chunshui_device", "made.up.by", path="/signin")
    assert "登录受限" in whats(server)


def test_the_device_of_one_account_is_none_of_another(server):
    browser = client(server)
    sign_in(browser, "lina")
    for _ in range(throttle.PER_ACCOUNT):
        sign_in(browser, "zhao", "wrong")
    assert sign_in(browser, "zhao").status_code == 429


def test_spraying_from_one_address(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(throttle.time, "monotonic", lambda: now[0])
    count = throttle.Throttle()
    for n in range(throttle.PER_ADDRESS):
        assert not count.refuses("10.0.0.1", f"account{n}", None)
        count.failed("10.0.0.1", f"account{n}", None)
    assert count.refuses("10.0.0.1", "another", None)
    assert not count.refuses("10.0.0.2", "another", None)
    now[0] = throttle.WINDOW_SECONDS + 1
    assert not count.refuses("10.0.0.1", "another", None)


# ---------------------------------------------------------------- the end of it


def test_signing_out_needs_more_than_a_link(server):
    browser = client(server)
    sign_in(browser, "lina")
    assert browser.get("/signout").status_code == 200
    foreign = {"origin": "http://evil.example"}
    assert browser.post("/signout", headers=foreign).status_code == 403
    assert browser.get("/circles").status_code == 200
    kept = dict(browser.cookies)
    assert browser.post("/signout", headers={"origin": BASE}).status_code == 303
    browser.cookies.update(kept)  # whoever kept the cookie has nothing
    assert browser.get("/media/x", headers={"accept": "*/*"}).status_code == 401


@pytest.mark.parametrize("end", ["disable", "reset", "remove"])
def test_what_no_longer_holds_ends_at_once(server, end):
    browser = client(server)
    sign_in(browser, "lina")
    if end == "disable":
        server.accounts.set_disabled("lina", True)
        assert sign_in(client(server), "lina").status_code == 401
        server.accounts.set_disabled("lina", False)
    elif end == "reset":
        server.accounts.reset("lina", "another-Word-77")
    else:
        server.accounts.path.write_text("{}")
    assert browser.get("/circles").status_code == 303
    assert server.signins.count() == 0


def test_idle_and_longest_by_a_clock_that_nobody_sets(server, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(signins.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(signins.time, "time", lambda: 0.0)  # the wall clock fell back
    token = server.signins.open("lina")
    for _ in range(5):
        now[0] += signins.IDLE_SECONDS - 1
        one = server.signins.of_token(token)
        assert one
        server.signins.use(one)
    now[0] += signins.IDLE_SECONDS - 1
    assert server.signins.of_token(token)
    now[0] = 1000 + signins.LONGEST_SECONDS + 1
    assert server.signins.of_token(token) is None
    token = server.signins.open("lina")
    now[0] += signins.IDLE_SECONDS + 1
    assert server.signins.of_token(token) is None


def test_sign_ins_survive_a_restart_and_revoked_ones_do_not(server, folder, monkeypatch):
    kept, ended, cut = (server.signins.open(one) for one in ("lina", "zhao", "zhao"))
    server.signins.close(ended)
    public = server.signins.of_token(kept).public
    assert stat.S_IMODE((folder / public).stat().st_mode) == 0o600
    again = SignIns(server.accounts, folder)
    assert again.of_token(kept).account == "lina"
    assert again.of_token(ended) is None
    (folder / again.of_token(cut).public).write_text("[1")
    assert SignIns(server.accounts, folder).of_token(cut) is None
    monkeypatch.setattr(signins, "_boot", lambda: "another")  # the machine was off
    monkeypatch.setattr(signins.time, "time", lambda: time.time_ns() / 1e9 + 3600)
    assert SignIns(server.accounts, folder).of_token(kept)
    monkeypatch.setattr(signins.time, "time", lambda: time.time_ns() / 1e9 + 3 * 3600)
    assert SignIns(server.accounts, folder).of_token(kept) is None  # idle for so long


def test_processes_of_one_server_know_each_others_sign_ins_and_their_end(
    server, folder, monkeypatch
):
    now = [1000.0]
    monkeypatch.setattr(signins.time, "monotonic", lambda: now[0])
    here, there = server.signins, SignIns(server.accounts, folder)
    token = here.open("lina")
    assert there.person(there.of_token(token)).account == "lina"
    for _ in range(3):  # whoever is busy on the one is not idle on the other
        now[0] += signins.IDLE_SECONDS - 1
        there.use(there.of_token(token))
        assert here.of_token(token)
    one = here.of_token(token)
    there.close(token)
    assert here.person(one) is None and here.count() == 0
    now[0] += 100
    here.use(one)  # in the moment of its end
    assert there.of_token(token) is None and not list(folder.iterdir())
    mine = []
    for n in range(signins.PER_ACCOUNT + 2):
        now[0] += 1
        mine.append((here, there)[n % 2].open("lina"))
    assert [bool(here.of_token(one)) for one in mine[:3]] == [False, False, True]
    assert here.count() == there.count() == signins.PER_ACCOUNT
    with monkeypatch.context() as full:
        full.setattr(durable, "replace", Mock(side_effect=OSError(errno.ENOSPC, "full")))
        zhao = here.open("zhao")
    assert here.of_token(zhao) and there.of_token(zhao) is None


@pytest.mark.parametrize("name", ["../accounts.json", "", "x" * 24, "A" * 24, "../" + "a" * 21])
def test_no_other_file_is_taken_for_a_sign_in(server, name):
    assert server.signins.of_public(name) is None
    assert server.accounts.path.exists()


def test_the_least_lately_used_sign_in_makes_room(server):
    first = server.signins.open("lina")
    for _ in range(signins.PER_ACCOUNT):
        server.signins.open("lina")
    assert server.signins.of_token(first) is None
    assert server.signins.count() == signins.PER_ACCOUNT


# ---------------------------------------------------------------- the file


def test_a_damaged_file_lets_nobody_in_and_says_so(server):
    browser = client(server)
    sign_in(browser, "lina")
    server.accounts.path.write_text("{broken")
    with pytest.raises(AccountsDamagedError, match=r"accounts\.json"):
        server.accounts.all()
    assert browser.get("/circles").status_code == 303
    answer = sign_in(client(server), "lina")
    assert answer.status_code == 503
    assert "账号文件" in answer.text


@pytest.mark.parametrize(
    "password", ["short", "x" * 129, "lina-lina-lina", "1234567890", "aaaaaaaaaaaa", "ABABABABABAB"]
)
def test_weak_passwords(tmp_path, password):
    accounts = Accounts(tmp_path / "access" / "accounts.json")
    with pytest.raises(ChunshuiError, match="口令"):
        accounts.add("lina", password, "leader", "")
    assert not accounts.path.exists()


@pytest.mark.parametrize("account", ["L", "Lina", "1a", "li na", "李娜", "../etc", "a" * 33])
def test_names_of_accounts(tmp_path, account):
    with pytest.raises(ChunshuiError, match="账号由"):
        Accounts(tmp_path / "accounts.json").add(account, PASSWORD, "leader", "")


def test_the_file_is_its_owners_and_holds_no_password(server):
    assert stat.S_IMODE(server.accounts.path.stat().st_mode) == 0o600
    text = server.accounts.path.read_text("utf-8")
    assert PASSWORD not in text
    assert all(one["hash"].startswith("$argon2id$") for one in json.loads(text).values())
    with pytest.raises(ChunshuiError, match="已有"):
        server.accounts.add("lina", PASSWORD, "leader", "")
    with pytest.raises(ChunshuiError, match="没有账号"):
        server.accounts.reset("nobody", PASSWORD)
    with pytest.raises(ChunshuiError, match="没有“boss”"):
        server.accounts.set_role("lina", "boss")


def test_two_writers_lose_nothing(tmp_path):
    accounts = Accounts(tmp_path / "accounts.json")
    names = [f"user{n}" for n in range(12)]
    threads = [
        threading.Thread(target=Accounts(accounts.path).add, args=(name, PASSWORD, "leader", ""))
        for name in names
    ]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert sorted(accounts.all()) == sorted(names)


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path):
    path = tmp_path / "secret"
    key = deployment.secret(path)
    assert deployment.secret(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(ChunshuiError, match="chmod 600"):
        deployment.secret(path)
    path.chmod(0o600)
    path.write_text("short")
    with pytest.raises(ChunshuiError, match="太短"):
        deployment.secret(path)


def test_an_account_of_a_role_unknown_here_is_kept_and_lets_nobody_in(server):
    plain = json.loads(server.accounts.path.read_text("utf-8"))
    plain["lina"]["role"] = "street"
    server.accounts.path.write_text(json.dumps(plain))
    assert sign_in(client(server), "lina").status_code == 401
    server.accounts.set_role("wang", "leader")
    assert server.accounts.all()["lina"].role == "street"


def test_a_full_disk_keeps_nobody_out(server, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(durable.os, "fsync", full)
    browser = client(server)
    assert sign_in(browser, "lina").status_code == 303
    assert browser.get("/circles").status_code == 200
