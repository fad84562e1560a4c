"""Local accounts: one file (0600) with argon2id hashes, changed by the command line only."""

import fcntl
import json
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import argon2

from chunshui.access.roles import ROLES, STREET, Person
from chunshui.errors import ChunshuiError
from chunshui.warehouse import durable

# The least of OWASP's password storage cheat sheet for argon2id (recalled): 19 MiB, two passes.
HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS = HASHER.hash(secrets.token_hex(16))  # an account that is none takes as long as one
NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
FEWEST, MOST = 10, 128  # characters of a password
_FEWEST_DIFFERENT = 5
_COMMON = {
    *("1234567890", "0123456789", "qwertyuiop", "password12", "administrator", "chunshui123"),
    *("qiaokou123", "wuhan12345", "admin12345", "p@ssw0rd12", "1q2w3e4r5t"),
}


class AccountsDamagedError(ChunshuiError):
    """The file of accounts cannot be read: nobody may come in until it can."""


@dataclass(frozen=True)
class Account:
    """One account. `epoch` counts up whenever what it signed in with no longer holds."""

    role: str
    hash: str
    name: str = ""
    epoch: int = 0
    disabled: bool = False
    subject: tuple[str, str] | None = None  # issuer and the name it knows its person by
    emergency: bool = False  # may come in by password where there is an issuer
    street: str = ""  # the code of the one whose rows it sees: of the role of a street, of no other

    def person(self, account: str, signin: str = "") -> Person:
        """Return whoever signs in with it."""
        return Person(account, self.name or account, ROLES[self.role], signin, self.street)

    @property
    def is_whole(self) -> bool:
        """Whether its role is known here, and it has a street just where that is of a street."""
        return self.role in ROLES and bool(self.street) == (self.role == STREET)


class Accounts:
    """The file of accounts, read again whenever it has changed: a change counts from the next run on."""

    def __init__(self, path: Path):
        self.path = path
        self._stamp: tuple[int, ...] | None = None
        self._known: dict[str, Account] = {}
        self._lock = threading.Lock()

    def all(self) -> dict[str, Account]:
        """Return the accounts by name; raise `AccountsDamagedError` when the file is unreadable."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return {}
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        with self._lock:
            if stamp != self._stamp:
                self._known, self._stamp = self._read(), stamp
            return self._known

    def get(self, account: str) -> Account | None:
        """Return an account that may sign in: not one disabled, of a role unknown here or without its street,
        of an unreadable file.
        """
        try:
            found = self.all().get(account)
        except AccountsDamagedError:
            return None
        return found if found and not found.disabled and found.is_whole else None

    def of_subject(self, issuer: str, subject: str) -> str | None:
        """Return the name of the account that an issuer's person may sign in with."""
        try:
            known = self.all()
        except AccountsDamagedError:
            return None
        named = (name for name, one in known.items() if one.subject == (issuer, subject))
        return next((name for name in named if self.get(name)), None)

    def verify(self, account: str, password: str) -> bool:
        """Whether the password is the account's; takes as long for an account that is none."""
        found = self.get(account)
        try:
            HASHER.verify(found.hash if found else _NOBODYS, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
        return found is not None

    def add(self, account: str, password: str, role: str, name: str, street: str = "") -> None:
        """Add an account; raise ChunshuiError when it cannot be."""
        if not NAME.fullmatch(account):
            raise ChunshuiError("账号由小写字母开头，其余用小写字母、数字、点、横线，2至32位。")
        self._refuse_role(role, street)
        refuse_weak(account, password)
        with self._writing() as known:
            if account in known:
                raise ChunshuiError(f"账号“{account}”已有；要换口令，请用 reset。")
            known[account] = Account(role, HASHER.hash(password), name, street=street)

    def reset(self, account: str, password: str) -> None:
        """Give a new password and end all sign-ins of the account."""
        refuse_weak(account, password)
        with self._changing(account) as (known, mine):
            known[account] = replace(mine, hash=HASHER.hash(password), epoch=mine.epoch + 1)

    def set_role(self, account: str, role: str, street: str = "") -> None:
        """Change the role: it counts from the next run of a page on."""
        self._refuse_role(role, street)
        with self._changing(account) as (known, mine):
            known[account] = replace(mine, role=role, street=street)

    def set_disabled(self, account: str, disabled: bool) -> None:
        """Disable an account, which ends all its sign-ins, or enable it."""
        with self._changing(account) as (known, mine):
            known[account] = replace(mine, disabled=disabled, epoch=mine.epoch + 1)

    def set_subject(self, account: str, issuer: str, subject: str) -> None:
        """Let an issuer's person sign in with it ("": nobody), which ends all its sign-ins."""
        with self._changing(account) as (known, mine):
            taken = self.of_subject(issuer, subject)
            if subject and taken not in (None, account):
                raise ChunshuiError(f"这个统一身份已归账号“{taken}”，一个身份只能对一个账号。")
            whose = (issuer, subject) if subject else None
            known[account] = replace(mine, subject=whose, epoch=mine.epoch + 1)

    def set_emergency(self, account: str, emergency: bool) -> None:
        """Let it in by password where others come by the issuer, or no more."""
        with self._changing(account) as (known, mine):
            known[account] = replace(mine, emergency=emergency, epoch=mine.epoch + 1)

    @staticmethod
    def _refuse_role(role: str, street: str) -> None:
        if role not in ROLES:
            raise ChunshuiError(f"没有“{role}”这种角色，可选：{'、'.join(ROLES)}。")
        if (role == STREET) != bool(street):
            raise ChunshuiError(
                f"{ROLES[STREET].words}账号要写明是哪个街道的（--street 街道名）。"
                if role == STREET
                else f"{ROLES[role].words}看全区，不写街道；只有{ROLES[STREET].words}账号才写。"
            )

    def _read(self) -> dict[str, Account]:
        try:
            plain = json.loads(self.path.read_text("utf-8"))
            return {name: _account(one) for name, one in plain.items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as fault:
            raise AccountsDamagedError(
                f"账号文件 {self.path.name} 读不出，暂时谁也不能登录。请管理员从备份恢复。"
            ) from fault

    @contextmanager
    def _changing(self, account: str) -> Iterator[tuple[dict[str, Account], Account]]:
        with self._writing() as known:
            if account not in known:
                raise ChunshuiError(f"没有账号“{account}”，用 list 查看已有账号。")
            yield known, known[account]

    @contextmanager
    def _writing(self) -> Iterator[dict[str, Account]]:
        """Give what is known to change, and write it whole; one writer at a time."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            known = dict(self.all())
            yield known
            plain = {name: asdict(one) for name, one in known.items()}
            text = json.dumps(plain, ensure_ascii=False, indent=1)
            with durable.disk_in_words():
                durable.replace(self.path, text, mode=0o600)


def _account(plain: dict[str, Any]) -> Account:
    subject = plain.get("subject")
    return Account(**plain | {"subject": tuple(subject) if subject else None})


def refuse_weak(account: str, password: str) -> None:
    """Raise ChunshuiError with the reason for a password that will not do."""
    if not FEWEST <= len(password) <= MOST:
        raise ChunshuiError(f"口令要{FEWEST}至{MOST}个字符。")
    low = password.lower()
    if account in low or low in _COMMON or len(set(low)) < _FEWEST_DIFFERENT:
        raise ChunshuiError("这个口令太容易猜到，请换一个：不含账号，不是常见口令。")
