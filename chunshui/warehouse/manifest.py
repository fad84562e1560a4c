"""What is known of a version without opening it: its manifest, its history, the key of it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Manifest:
    """What a version is: kept beside its file, shown on the page of versions."""

    version: str
    made_at: str  # ISO 8601, UTC
    by: str
    note: str
    nature: str  # 演示 or 实有; 参考 where there is nothing but reference facts
    as_of: str | None  # last month it can be asked for, YYYY-MM
    bytes: int
    sha256: str
    rows: dict[str, int] = field(default_factory=dict)  # table → rows
    checks: dict[str, int] = field(default_factory=dict)  # severity → rows found
    sources: list[dict[str, Any]] = field(default_factory=list)  # of ledger sheets
    timings: dict[str, float] = field(default_factory=dict)  # step → seconds
    software: dict[str, str] = field(default_factory=dict)
    base: str | None = None  # the version whose other ledgers it carries on
    # ledger → streets, of the ledgers of which the rows of some streets only are new
    updated: dict[str, list[str]] = field(default_factory=dict)
    # The one whose rows alone it has; None: it has all.
    street: str | None = None  # its code
    street_name: str | None = None
    # A digest of all that it was laid of for a city; None: the district made it for itself.
    inputs: str | None = None

    def has(self, ledger: str) -> bool:
        """Whether there are rows of a ledger: without, nothing is known, which is not 0.

        A street without a row of what others have rows of has none.
        """
        given = (one for one in self.sources if one["ledger_id"] == ledger and one["row_used"])
        return bool(self.rows.get(ledger)) or (self.street is not None and any(given))


@dataclass(frozen=True)
class Entry:
    """One line of the history; the pointer holds a copy of the line it was moved by."""

    serial: int
    action: str  # 发布 or 回退
    version: str
    at: str  # ISO 8601, UTC
    by: str
    note: str
    bytes: int
    sha256: str
    replaced: int | None  # serial the pointer held before; None: there was none, or unreadable
    effective: bool = True  # False: the writer died before the pointer moved


@dataclass(frozen=True)
class Edition:
    """One version of one store: the key of whatever is kept of it.

    A version's name alone is none: every store begins with v000001.
    """

    root: str  # the store's folder, resolved
    version: str

    def is_of(self, whole: "Edition") -> bool:
        """Whether it is another or what one street may see of it (`pipeline.narrow`)."""
        root = self.root.partition("/streets/")[0]
        return (root, self.version) == (whole.root, whole.version)


@dataclass(frozen=True)
class Serving:
    """The edition to serve now, and a Chinese sentence when it is not the one pointed at."""

    edition: Edition
    warning: str | None = None

    @property
    def version(self) -> str:
        """The name of the version in its store."""
        return self.edition.version
