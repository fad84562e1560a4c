"""What is wrong with a ledger, said so that the one who keeps it can mend it."""

from dataclasses import dataclass

from chunshui.words import ERROR


@dataclass(frozen=True)
class Issue:
    """One thing to mend or to know, in Chinese.

    An error keeps its row out and the ledgers from being published; a warning and a note do not.
    `row` is the row as Excel counts it (the feature number in a GeoJSON file), `column` the
    header as written, `cell` its address in a workbook (F12), `value` the cell as it stands. One
    that `asks` must be confirmed by a person.
    """

    severity: str
    file: str
    what: str
    mend: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str = ""
    cell: str = ""
    asks: bool = False

    @property
    def of_all_rows(self) -> bool:
        """Whether it keeps out all rows of its sheet, or of its file where it names no sheet."""
        return self.severity == ERROR and self.row is None

    @property
    def sentence(self) -> str:
        """What is wrong and how to mend it."""
        stop = "" if self.what.endswith("？") else "。"
        return f"{self.what}{stop}{self.mend}。"

    def __str__(self) -> str:
        place = f"《{self.file}》" + (f"“{self.sheet}”" if self.sheet else "")
        if self.row is not None:
            place += f"第{self.row}行"
        if self.column:
            place += f"“{self.column}”" + (f"（{self.cell}）" if self.cell else "")
        return f"[{self.severity}] {place}：{self.sentence}"


@dataclass(frozen=True)
class Reading:
    """One cell that was read otherwise than it stands: what it says, what it was taken for, why."""

    file: str
    sheet: str | None
    row: int
    cell: str
    column: str
    raw: str
    value: str
    why: str
