"""What a server with accounts has, one of each, made at start: none on one's own computer.

The environment says how it is reached: CHUNSHUI_HOSTS, the names it is known by, comma between
them (default: those of this computer); CHUNSHUI_HTTPS=yes where browsers come by TLS.
"""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chunshui import paths
from chunshui.access.accounts import Accounts
from chunshui.access.audit import Audit
from chunshui.access.loopback import OWN_NAMES
from chunshui.access.oidc import from_environment
from chunshui.access.signin import SignInPage
from chunshui.access.signins import SignIns
from chunshui.access.throttle import Throttle
from chunshui.errors import ChunshuiError

_SECRET_LENGTH = 64


@dataclass(frozen=True)
class Deployment:
    """The accounts of a server, who is signed in, and what is written down of it."""

    accounts: Accounts
    signins: SignIns
    audit: Audit
    page: SignInPage
    hosts: frozenset[str]
    https: bool


def folder() -> Path:
    """Return the folder of accounts, sign-ins and the audit log."""
    return paths.accounts_file().parent


def accounts() -> Accounts:
    """Return the accounts as the command line changes them."""
    return Accounts(paths.accounts_file())


def audit() -> Audit:
    """Return the audit log."""
    return Audit(folder() / "audit.jsonl")


def may_leave_loopback() -> bool:
    """Whether the server may listen where others reach it: with accounts, and by TLS only."""
    return deployment() is not None and _https()


def deployment() -> Deployment | None:
    """Return what this server has, None without accounts; what there was at start stays until its end."""
    return _deployment(_folder(os.environ.get("CHUNSHUI_DATA")))


@cache
def _folder(_chosen: str | None) -> Path:
    return folder()  # for every table of a page: no path is resolved again


@cache
def _deployment(folder: Path) -> Deployment | None:
    known = Accounts(folder / paths.accounts_file().name)
    if not known.path.exists():
        return None
    signins, log = SignIns(known, folder / "signins"), Audit(folder / "audit.jsonl")
    oidc = from_environment()
    key = secret(folder / "secret")
    page = SignInPage(known, signins, Throttle(), log, key, https=_https(), oidc=oidc)
    named = os.environ.get("CHUNSHUI_HOSTS", "").lower().split(",")
    hosts = frozenset(name.strip() for name in named if name.strip()) or OWN_NAMES
    return Deployment(known, signins, log, page, hosts, _https())


def _https() -> bool:
    return os.environ.get("CHUNSHUI_HTTPS") == "yes"


def secret(path: Path) -> str:
    """Return the key that forms and device cookies are signed with, made once.

    Raises ChunshuiError for one that is short or that others can read.
    """
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        pass
    else:
        os.write(handle, secrets.token_hex(_SECRET_LENGTH // 2).encode())
        os.close(handle)
    found = path.read_text("ascii").strip()
    if len(found) < _SECRET_LENGTH // 2:
        raise ChunshuiError(f"签名密钥 {path.name} 太短，请删除它，重新启动时会另行生成。")
    if path.stat().st_mode & 0o077:
        raise ChunshuiError(
            f"签名密钥 {path.name} 别人也能读，请改为只有本用户能读写（chmod 600）。"
        )
    return found
