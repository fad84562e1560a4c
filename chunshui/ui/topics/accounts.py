"""Who may sign in, and what was done: for whoever runs the server."""

from functools import lru_cache
from pathlib import Path

import pandas as pd
import streamlit as st

from chunshui.access import audit
from chunshui.access.accounts import Accounts, AccountsDamagedError
from chunshui.access.audit import Audit
from chunshui.access.deployment import deployment
from chunshui.access.roles import ROLES, Act
from chunshui.ui.shell import notices, permit
from chunshui.ui.widgets import tables

LINES = 500  # of the log, on screen


def draw() -> None:
    """Draw the accounts and the audit log for whoever may see them; nothing where there are no accounts."""
    server = deployment()
    if server is None or not permit.may(Act.AUDIT):
        return
    st.subheader("账号与审计记录", anchor=False)
    path = server.audit.path
    whole, said = _state(path, *_stamp(path))
    (st.caption if whole else st.error)(f"{said}账号的增改只能在服务器上用命令办理，见使用手册。")
    log, known = st.tabs([f"最近{LINES}条记录", "账号"])
    with log:
        tables.show(_lines(server.audit), "还没有记录。", "审计记录，最近的在前")
    with known:
        try:
            tables.draw(_accounts(server.accounts), "账号")
        except AccountsDamagedError as fault:
            notices.failed(fault)


def _lines(log: Audit) -> pd.DataFrame:
    rows = [
        {
            "序号": line["n"],
            "时间": line["at"][:19].replace("T", " "),
            "谁": line["by"],
            "角色": line["role"],
            "做了什么": line["what"],
            "来自": line.get("address", ""),
            "内容": audit.details_in_words(line),
        }
        for line in list(log.lines())[: -LINES - 1 : -1]
    ]
    return pd.DataFrame(rows)


def _accounts(known: Accounts) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "账号": account,
            "称呼": one.name,
            "角色": (ROLES[one.role].words if one.role in ROLES else one.role) + one.street,
            "状态": "停用"
            if one.disabled
            else "可以登录"
            if one.is_whole
            else "角色不认识或缺街道，不能登录",
        }
        for account, one in sorted(known.all().items())
    )


def _stamp(path: Path) -> tuple[int, int]:
    if not path.exists():
        return 0, 0
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@lru_cache(maxsize=2)
def _state(path: Path, size: int, mtime_ns: int) -> tuple[bool, str]:
    """Look a log through once a change."""
    return audit.state(path)
