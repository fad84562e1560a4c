"""Sign-ins: a random token in the browser's cookie, everything else here, gone at once when revoked."""

import fcntl
import hashlib
import hmac
import json
import logging
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from chunshui.access.accounts import Accounts
from chunshui.access.roles import Person
from chunshui.warehouse import durable

IDLE_SECONDS, LONGEST_SECONDS = 2 * 3600, 12 * 3600
PER_ACCOUNT = 20
_WRITE_EVERY_SECONDS = 60  # a use that only prolongs a sign-in is written this seldom
_PUBLIC = re.compile("[0-9a-f]{24}")  # the name of its file

log = logging.getLogger(__name__)


@dataclass
class SignIn:
    """One sign-in. Times are of the monotonic clock: a jump of the wall clock signs nobody in or out."""

    account: str
    epoch: int
    key: str  # the hash of its token
    began: float
    used: float
    written: float = 0.0  # when its file was
    kept: bool = False  # whether it could be
    addresses: dict[str, None] = field(default_factory=dict)  # handed to it, the latest last
    sockets: int = 0

    @property
    def public(self) -> str:
        """What names it without being its secret."""
        return self.key[:24]


class SignIns:
    """The sign-ins that hold, each kept as the hash of its token in a file (0600) of its own.

    So they outlast a restart, and other processes of the same server know them, and their end, at once.
    """

    def __init__(self, accounts: Accounts, folder: Path):
        self._accounts, self._folder = accounts, folder
        self._by_public: dict[str, SignIn] = {}
        self._lock = threading.RLock()
        self._deep = 0  # how often the thread that has the lock has it

    def open(self, account: str) -> str:
        """Begin a sign-in and return its token; beyond `PER_ACCOUNT` the least lately used one ends."""
        known = self._accounts.get(account)
        if known is None:
            raise KeyError(account)
        token = secrets.token_urlsafe(32)
        now = time.monotonic()
        signin = SignIn(account, known.epoch, _key(token), now, now)
        with self._writing():
            mine = sorted(
                (one for one in self._all() if one.account == account), key=lambda one: one.used
            )
            for old in mine[: max(0, len(mine) - PER_ACCOUNT + 1)]:
                self._drop(old.public)
            self._by_public[signin.public] = signin
            self._write(signin)
        return token

    def of_token(self, token: str | None) -> SignIn | None:
        """Return the sign-in a cookie's token stands for, if it holds."""
        key = _key(token) if token else ""
        signin = self.of_public(key[:24])
        return signin if signin and hmac.compare_digest(signin.key, key) else None

    def of_public(self, public: str | None) -> SignIn | None:
        """Return the sign-in of that public name, if it holds."""
        if not public or not _PUBLIC.fullmatch(public):
            return None
        signin = self._by_public.get(public)
        if signin and self._holds(signin) and self._is_there(signin):
            return signin
        if signin is None and not (self._folder / public).exists():
            return None
        with self._writing():
            signin = self._read(public)
            if signin and self._holds(signin):
                return signin
            self._drop(public)
        return None

    def person(self, signin: SignIn | None) -> Person | None:
        """Return whoever a sign-in is of, as the file of accounts has them now; None if it ended."""
        signin = self.of_public(signin.public) if signin else None
        account = self._accounts.get(signin.account) if signin else None
        return account.person(signin.account, signin.public) if signin and account else None

    def use(self, signin: SignIn) -> None:
        """Prolong a sign-in: its person did something."""
        signin.used = time.monotonic()
        if signin.used - signin.written > _WRITE_EVERY_SECONDS:
            with self._writing():
                if self._is_there(signin):
                    self._write(signin)

    def count(self) -> int:
        """Return how many sign-ins hold."""
        return sum(self.person(one) is not None for one in self._all())

    def close(self, token: str) -> None:
        """End a sign-in."""
        with self._writing():
            self._drop(_key(token)[:24])

    def _all(self) -> list[SignIn]:
        files = self._folder.glob("*") if self._folder.exists() else ()
        names = {*self._by_public, *(path.name for path in files)}
        return [one for one in map(self.of_public, names) if one]

    def _holds(self, signin: SignIn) -> bool:
        now, account = time.monotonic(), self._accounts.get(signin.account)
        recent = now - signin.used <= IDLE_SECONDS and now - signin.began <= LONGEST_SECONDS
        return recent and account is not None and account.epoch == signin.epoch

    def _is_there(self, signin: SignIn) -> bool:
        """Whether no process has ended it: its file would be gone."""
        return not signin.kept or (self._folder / signin.public).exists()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Let no other thread or process write, as long as there is a disk to write on."""
        with self._lock, ExitStack() as held:
            if not self._deep:
                with suppress(OSError):
                    self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                    lock = held.enter_context(self._folder.with_suffix(".lock").open("a"))
                    fcntl.flock(lock, fcntl.LOCK_EX)
            self._deep += 1
            held.callback(self._leave)
            yield

    def _leave(self) -> None:
        self._deep -= 1

    def _drop(self, public: str) -> None:
        self._by_public.pop(public, None)
        (self._folder / public).unlink(missing_ok=True)

    def _write(self, signin: SignIn) -> None:
        """Keep its times and what the clocks said then: the monotonic one begins anew with a machine."""
        now = time.monotonic()
        told = {
            name: getattr(signin, name) for name in ("account", "epoch", "key", "began", "used")
        }
        told |= {"boot": _boot(), "now": now, "at": time.time()}
        try:
            durable.replace(self._folder / signin.public, json.dumps(told), mode=0o600)
            signin.written, signin.kept = now, True
        except OSError as fault:  # people still come in; after a restart they sign in again
            log.warning("登录没有存成，重新启动后须再登录：%s", fault)

    def _read(self, public: str) -> SignIn | None:
        """Return what a file says, which another process may have written since; None without one."""
        known = self._by_public.get(public)
        if known and not known.kept:
            return known
        try:
            told = json.loads((self._folder / public).read_text("utf-8"))
            later = 0.0
            if told["boot"] != _boot():
                later = time.monotonic() - told["now"] - max(0.0, time.time() - told["at"])
            times = (told["began"] + later, told["used"] + later, told["now"] + later)
            signin = SignIn(str(told["account"]), told["epoch"], told["key"], *times, kept=True)
            if signin.public != public:
                return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        if known:
            known.used = max(known.used, signin.used)
            return known
        self._by_public[public] = signin
        return signin


@cache
def _boot() -> str:
    """Return what names this run of the machine, within which the monotonic clock goes on; "" elsewhere."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
