"""What is looked at, in codes and in words: what the shared filters come to."""

from dataclasses import dataclass, field, replace

from chunshui.warehouse import Edition


@dataclass(frozen=True)
class Scope:
    """A version, a month and a part of the district; no street and no community is all of it."""

    edition: Edition
    month: str  # "2026-10"
    streets: tuple[str, ...] = ()  # codes
    community: str | None = None  # code
    against: str | None = None  # the month that changes are said against, where one was chosen
    # What does not decide the data does not decide whether two scopes are the same.
    words: str = field(default="全区", compare=False)  # 全区 · 汉正街道 · 六角亭街道荣东社区
    query: tuple[tuple[str, str], ...] = field(default=(), compare=False)  # for links
    ignored: tuple[str, ...] = field(default=(), compare=False)  # what the link asked in vain

    @property
    def version(self) -> str:
        """The name of the version in its store."""
        return self.edition.version

    @property
    def whole(self) -> bool:
        """Whether this is the whole district."""
        return not self.streets and self.community is None

    @property
    def key(self) -> tuple:
        """What the data of this scope depend on: version, month, streets, community."""
        return self.edition, self.month, self.streets, self.community

    @property
    def is_a_few_streets(self) -> bool:
        """Whether two to four streets are chosen, which fit side by side."""
        return 2 <= len(self.streets) <= 4 and self.community is None

    @property
    def params(self) -> dict[str, list[str]]:
        """The URL parameters of this scope, for a link to another page."""
        params: dict[str, list[str]] = {}
        for key, value in self.query:
            params.setdefault(key, []).append(value)
        return params

    @property
    def months_query(self) -> tuple[tuple[str, str], ...]:
        """The URL parameters of all but the place, for a link to another place of the district."""
        return tuple(pair for pair in self.query if pair[0] not in ("street", "community"))

    def district(self) -> "Scope":
        """Return the whole district in the same month."""
        return replace(self, streets=(), community=None, words="全区", query=())
