"""The accounts and the audit log on the page of versions: for the administrator, and nobody else."""

import pytest

from chunshui.ui.shell import permit
from chunshui.ui.topics import accounts
from tests.access.accounts import made
from tests.access.test_signing_in import quick  # noqa: F401
from tests.ui.conftest import words_on

HEADING = "账号与审计记录"


@pytest.fixture
def server(tmp_path, monkeypatch):
    server = made(tmp_path)
    for module in (permit, accounts):
        monkeypatch.setattr(module, "deployment", lambda: server)
    monkeypatch.setattr(permit, "folder", lambda: tmp_path / "access")
    return server


@pytest.fixture
def open_as(server, open_app, published, monkeypatch):
    def run(account: str):
        public = server.signins.of_token(server.signins.open(account)).public
        monkeypatch.setattr(
            permit, "person", lambda: server.accounts.get(account).person(account, public)
        )
        return open_app(published, "versions")

    return run


def test_the_administrator_sees_who_did_what_and_whether_the_log_is_whole(server, open_as):
    server.audit.write("导出表格", by="wang", role="分析员", address="10.0.0.7", file="网格.csv")
    server.accounts.set_disabled("zhao", True)
    app = open_as("root1")
    assert not app.exception
    assert "审计记录完好，共1行" in words_on(app)
    log, known = (one.value for one in app.dataframe if {"角色"} <= set(one.value))
    assert log[["谁", "做了什么", "来自", "内容"]].iloc[0].tolist() == [
        *("wang", "导出表格", "10.0.0.7", "文件：网格.csv")
    ]
    assert dict(zip(known["账号"], known["状态"], strict=True))["zhao"] == "停用"
    assert not [
        name for name in known if "口令" in name or known[name].str.contains("argon2").any()
    ]
    lines = server.audit.path.read_text("utf-8").replace("wang", "zhao")
    server.audit.path.write_text(lines, "utf-8")
    assert any("第1行被改过" in one.value for one in open_as("root1").error)


@pytest.mark.parametrize("account", ["wang", "zhao"])
def test_nobody_else_does(open_as, account):
    app = open_as(account)
    assert not app.exception
    assert HEADING not in words_on(app)
    assert not [one for one in app.dataframe if "做了什么" in one.value]
