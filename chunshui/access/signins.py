"""Sign-ins: a random token in the browser's cookie, everything else here, gone at once when revoked."""

import hashlib
import json
import logging
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from chunshui.access.accounts import Accounts
from chunshui.access.roles import Person
from chunshui.warehouse import durable

IDLE_SECONDS, LONGEST_SECONDS = 2 * 3600, 12 * 3600
PER_ACCOUNT = 20
_WRITE_EVERY_SECONDS = 60  # a use that only prolongs a sign-in is written this seldom


log = logging.getLogger(__name__)


@dataclass
class SignIn:
    """One sign-in. Times are of the monotonic clock: a jump of the wall clock signs nobody in or out."""

    account: str
    epoch: int
    public: str  # names it without being its secret
    began: float
    used: float
    addresses: dict[str, None] = field(default_factory=dict)  # handed to it, the latest last
    sockets: int = 0


class SignIns:
    """The sign-ins that hold, kept over a restart in a file (0600) as hashes of their tokens."""

    def __init__(self, accounts: Accounts, path: Path):
        self._accounts, self._path = accounts, path
        self._by_key: dict[str, SignIn] = {}
        self._keys: dict[str, str] = {}
        self._lock = threading.Lock()
        self._written = time.monotonic()
        self._read()

    def open(self, account: str) -> str:
        """Begin a sign-in and return its token; beyond `PER_ACCOUNT` the least lately used one ends."""
        known = self._accounts.get(account)
        if known is None:
            raise KeyError(account)
        token = secrets.token_urlsafe(32)
        key, now = _key(token), time.monotonic()
        with self._lock:
            mine = [k for k, one in self._by_key.items() if one.account == account]
            mine.sort(key=lambda k: self._by_key[k].used)
            for old in mine[: max(0, len(mine) - PER_ACCOUNT + 1)]:
                self._drop(old)
            self._take(key, SignIn(account, known.epoch, key[:24], now, now))
            self._write()
        return token

    def of_token(self, token: str | None) -> SignIn | None:
        """Return the sign-in a cookie's token stands for, if it holds."""
        return self._holding(_key(token)) if token else None

    def of_public(self, public: str | None) -> SignIn | None:
        """Return the sign-in of that public name, if it holds."""
        key = self._keys.get(public or "")
        return self._holding(key) if key else None

    def person(self, signin: SignIn | None) -> Person | None:
        """Return whoever a sign-in is of, as the file of accounts has them now; None if it ended."""
        signin = self.of_public(signin.public) if signin else None
        account = self._accounts.get(signin.account) if signin else None
        return account.person(signin.account, signin.public) if signin and account else None

    def use(self, signin: SignIn) -> None:
        """Prolong a sign-in: its person did something."""
        signin.used = time.monotonic()
        if signin.used - self._written > _WRITE_EVERY_SECONDS:
            with self._lock:
                self._write()

    def count(self) -> int:
        """Return how many sign-ins hold."""
        return sum(self.person(one) is not None for one in list(self._by_key.values()))

    def close(self, token: str) -> None:
        """End a sign-in."""
        with self._lock:
            self._drop(_key(token))
            self._write()

    def _holding(self, key: str) -> SignIn | None:
        signin = self._by_key.get(key)
        if signin is None:
            return None
        now, account = time.monotonic(), self._accounts.get(signin.account)
        holds = account is not None and account.epoch == signin.epoch
        if holds and now - signin.used <= IDLE_SECONDS and now - signin.began <= LONGEST_SECONDS:
            return signin
        with self._lock:
            self._drop(key)
            self._write()
        return None

    def _take(self, key: str, signin: SignIn) -> None:
        self._by_key[key] = signin
        self._keys[signin.public] = key

    def _drop(self, key: str) -> None:
        signin = self._by_key.pop(key, None)
        if signin:
            self._keys.pop(signin.public, None)

    def _write(self) -> None:
        """Keep how old each is, and when that was: the monotonic clock begins anew with a machine."""
        now = self._written = time.monotonic()
        kept = {
            key: {
                "account": one.account,
                "epoch": one.epoch,
                "public": one.public,
                "began": now - one.began,
                "used": now - one.used,
            }
            for key, one in self._by_key.items()
        }
        text = json.dumps({"at": time.time(), "signins": kept})
        try:
            durable.replace(self._path, text, mode=0o600)
        except OSError as fault:  # people still come in; after a restart they sign in again
            log.warning("登录没有存成，重新启动后须再登录：%s", fault)

    def _read(self) -> None:
        try:
            plain = json.loads(self._path.read_text("utf-8"))
            passed = max(0.0, time.time() - plain["at"])
            now = time.monotonic()
            for key, one in plain["signins"].items():
                ages = {name: now - passed - one[name] for name in ("began", "used")}
                self._take(key, SignIn(one["account"], one["epoch"], one["public"], **ages))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            self._by_key, self._keys = {}, {}  # everybody signs in again


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
