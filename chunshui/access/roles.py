"""What each role may do: one table, asked by the navigation, by what acts and by downloads alike."""

from dataclasses import dataclass
from enum import StrEnum

from chunshui.errors import ChunshuiError


class NotAllowedError(ChunshuiError):
    """Whoever asked may not do this, or is no longer signed in."""


class Act(StrEnum):
    """What changes something or takes something away; a page is allowed by its name."""

    EXPORT = "导出表格"
    DOCUMENTS = "下载会议材料"
    FREEZE = "冻结快照"
    UPLOAD = "上传台账"
    PUBLISH = "发布版本"
    UNDO = "回退版本"
    KEEP = "保存视图"
    AUDIT = "查看账号和审计记录"


_VIEWED = frozenset(
    (
        *("overview", "attention", "week", "community", "organisation", "two_new", "opinions"),
        *("grids", "riders", "circles", "coverage", "renovation", "demo_sites", "fund", "drill"),
        *("dictionary", "manual"),
    )
)


@dataclass(frozen=True)
class Role:
    """A role: its name in words, the pages it is offered, what it may do.

    All roles see the whole district but that of a street, which sees its own rows. `small`: numbers of
    people too, however small they are (`chunshui/catalogue/small_numbers.py`).
    """

    words: str
    pages: frozenset[str]
    acts: frozenset[Act]
    small: bool = False


ROLES = {
    "leader": Role("领导", _VIEWED | {"snapshots", "city"}, frozenset((Act.DOCUMENTS, Act.KEEP))),
    "analyst": Role(
        "分析员",
        _VIEWED | {"snapshots", "quality", "versions", "city"},
        frozenset((Act.EXPORT, Act.DOCUMENTS, Act.FREEZE, Act.KEEP)),
    ),
    # What it hands in a steward publishes; what meetings hold is frozen for the district.
    "street": Role(
        "街道",
        _VIEWED | {"snapshots", "quality", "versions", "intake"},
        frozenset((Act.EXPORT, Act.DOCUMENTS, Act.UPLOAD, Act.KEEP)),
    ),
    "steward": Role(
        "台账员",
        _VIEWED | {"snapshots", "quality", "versions", "intake", "city"},
        frozenset(Act) - {Act.AUDIT},
        small=True,
    ),
    # Runs the system; publishes nothing and takes nothing out.
    "admin": Role(
        "管理员",
        frozenset(("overview", "dictionary", "manual", "versions")),
        frozenset((Act.AUDIT,)),
        small=True,
    ),
}


@dataclass(frozen=True)
class Person:
    """Whoever a run of a page is for. `signin` names the sign-in without being its secret.

    `street` is the code of the street whose rows alone they see; "": they see all.
    """

    account: str
    name: str
    role: Role
    signin: str = ""
    street: str = ""

    def may(self, act: Act) -> bool:
        """Whether this person's role allows an act."""
        return act in self.role.acts

    def may_open(self, page: str) -> bool:
        """Whether this person's role is offered a page."""
        return page in self.role.pages


STREET = "street"  # the role of one street


def owner(pages: frozenset[str]) -> Person:
    """Return whoever sits at their own computer, where nobody signs in: all is theirs."""
    return Person("", "", Role("本机", pages, frozenset(Act), small=True))
