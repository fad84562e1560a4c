"""What an official document is made of, as plain data: what stands in it, not how it looks."""

from dataclasses import dataclass

from chunshui.snapshots.render.pictures.drawings import Drawing


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (一、) or 2 （一）; its number is the document's to write."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text."""

    text: str


@dataclass(frozen=True)
class Note:
    """Small print below what it is about."""

    text: str


@dataclass(frozen=True)
class Point:
    """A paragraph which begins with the words it is about; they run into the text.

    Numbered (1. 2. 3.) among others, without a number where it is alone under its heading.
    """

    lead: str
    text: str
    alone: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table; `right` are its columns of numbers, `note` what stands below it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A map or a chart with its caption."""

    drawing: Drawing
    caption: str


Block = Heading | Paragraph | Note | Point | Sheet | Picture


@dataclass(frozen=True)
class Annex:
    """What is attached, on pages of its own; `wide` where a table needs them crosswise."""

    title: str
    blocks: tuple[Block, ...]
    wide: bool = False


@dataclass(frozen=True)
class Notice:
    """A whole document. What is "" is not printed.

    `masthead` is what stands in red above the line, `number` and `under` (a bulletin's unit and day) what
    stands between; `title` has a line for each of its parts. `opening` comes before the first heading.
    A sheet (`is_sheet`) is printed on two pages, in letters of its own. `nature` is that of the data and stands on every page of a demonstration; `source` says below all which figures these are.
    """

    masthead: str
    issuer: str
    secrecy: str
    number: str
    under: tuple[str, str]
    approver: str
    title: str
    addressee: str
    opening: str
    body: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    signature: str
    date: str
    copies: str
    nature: str
    source: str
    is_demonstration: bool
    is_bulletin: bool
    is_sheet: bool = False
