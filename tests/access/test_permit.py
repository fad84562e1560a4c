"""Who may do what: asked by what acts, at the moment it acts, and written down."""

import pytest

from chunshui.access import deployment
from chunshui.access.roles import ROLES, Act, NotAllowedError
from chunshui.access.signed_in_gate import CALLER
from chunshui.ui.shell import navigation, permit
from tests.access.accounts import PASSWORD, made
from tests.access.test_signing_in import quick  # noqa: F401


class Context:
    """What Streamlit tells of a run: the headers of its page's handshake."""

    ip_address = "10.0.0.7"

    def __init__(self, signin: str = ""):
        self.headers = {permit.SIGNIN: signin}


@pytest.fixture
def server(tmp_path, monkeypatch):
    server = made(tmp_path)
    monkeypatch.setattr(permit, "deployment", lambda: server)
    monkeypatch.setattr(permit, "folder", lambda: tmp_path / "access")
    return server


@pytest.fixture
def signed_in(server, monkeypatch):
    def run_as(account: str) -> str:
        public = server.signins.of_token(server.signins.open(account)).public
        monkeypatch.setattr(permit.st, "context", Context(public))
        return public

    return run_as


def test_every_page_of_the_navigation_is_some_roles_and_no_role_has_others():
    offered = set().union(*(role.pages for role in ROLES.values()))
    assert offered == {*navigation.PAGES, navigation.CITY.name}
    assert all(navigation.FIRST in role.pages for role in ROLES.values())


def test_at_ones_own_computer_everything_is_ones_own(monkeypatch, tmp_path):
    monkeypatch.setattr(permit, "deployment", lambda: None)
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path))
    assert all(permit.may(act) for act in Act)
    assert all(permit.person().may_open(page) for page in navigation.PAGES)
    assert permit.signature() == ""
    assert permit.own_folder() == tmp_path
    make = lambda: b"x"  # noqa: E731
    assert permit.guarded(make, Act.EXPORT) is make


@pytest.mark.parametrize("account", ["lina", "wang", "zhao", "root1"])
@pytest.mark.parametrize("act", Act)
def test_what_acts_asks_and_writes_it_down(server, signed_in, account, act):
    signed_in(account)
    allowed = server.accounts.get(account).person(account).may(act)
    if allowed:
        assert permit.demand(act, version="v000007").account == account
    else:
        with pytest.raises(NotAllowedError, match=str(act)):
            permit.demand(act, version="v000007")
    *_, line = server.audit.lines()
    assert line["what"] == (str(act) if allowed else f"拒绝：{act}")
    assert (line["by"], line["version"], line["address"]) == (account, "v000007", "10.0.0.7")


def test_a_role_counts_from_the_next_run_on(server, signed_in):
    signed_in("zhao")
    assert permit.may(Act.PUBLISH)
    server.accounts.set_role("zhao", "leader")
    assert not permit.may(Act.PUBLISH)
    with pytest.raises(NotAllowedError):
        permit.demand(Act.PUBLISH)
    assert not permit.person().may_open("intake")


def test_nobody_once_the_sign_in_ended(server, signed_in):
    signed_in("zhao")
    server.accounts.reset("zhao", "another-Word-77")
    assert permit.person() is None
    with pytest.raises(NotAllowedError):
        permit.demand(Act.EXPORT)
    *_, line = server.audit.lines()
    assert line["by"] == "?"


def test_a_download_is_its_own_persons_at_the_click(server, signed_in):
    mine = signed_in("wang")
    make = permit.guarded(lambda: b"1,2", Act.EXPORT, file="a.csv")
    other = server.signins.of_token(server.signins.open("zhao")).public
    for caller in ("", other, "made-up"):
        CALLER.set(caller)
        with pytest.raises(NotAllowedError):
            make()
    CALLER.set(mine)
    assert make() == b"1,2"
    *_, line = server.audit.lines()
    assert (line["what"], line["file"], line["bytes"]) == ("导出表格", "a.csv", 3)
    server.accounts.set_role("wang", "leader")
    with pytest.raises(NotAllowedError):
        make()


def test_what_is_kept_is_ones_own_and_signed_by_the_account(server, signed_in, tmp_path):
    signed_in("lina")
    first = permit.own_folder()
    assert permit.signature() == "Lina（lina）"
    signed_in("wang")
    assert permit.own_folder() != first
    assert permit.own_folder().is_relative_to(tmp_path / "access")


def test_without_accounts_there_is_no_deployment_and_no_way_past_loopback(tmp_path, monkeypatch):
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path))
    monkeypatch.setenv("CHUNSHUI_HTTPS", "yes")
    assert deployment.deployment() is None
    assert not deployment.may_leave_loopback()
    deployment.accounts().add("lina", PASSWORD, "leader", "")
    deployment._deployment.cache_clear()
    assert deployment.may_leave_loopback()
    monkeypatch.setenv("CHUNSHUI_HTTPS", "no")
    assert not deployment.may_leave_loopback()
    deployment._deployment.cache_clear()
