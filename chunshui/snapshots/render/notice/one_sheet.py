"""The letters of a paper that is a sheet (社区一页): both sides of one, turned at the second heading.

Official letters (16 points) would need three or four pages. Word and PDF follow the same estimate.
"""

from dataclasses import dataclass

from chunshui.snapshots.render.notice.blocks import Block, Heading, Notice, Picture, Sheet
from chunshui.snapshots.render.table_layout import lines, widths

MARGIN_MM = 18
_ACROSS_PT, _DOWN_PT = (210 - 2 * MARGIN_MM) / 25.4 * 72, (297 - 2 * MARGIN_MM) / 25.4 * 72
_SPARE = 0.94  # of the page: fonts differ from machine to machine
CELL_MARGIN = 1.0  # letters of a cell that are left empty


@dataclass(frozen=True)
class Letters:
    """Points of the text, of its lines, of tables and of their lines."""

    text: float
    line: float
    cell: float
    cell_line: float

    @property
    def across(self) -> float:
        """How many letters of a table stand on a line of the page."""
        return _ACROSS_PT / self.cell


# Tried in turn until both halves have a page; the last holds anything.
_TRIED = (Letters(14, 22, 12, 15), Letters(14, 21, 10.5, 13.5), Letters(12, 18, 9.5, 12.5), Letters(10.5, 16, 9, 11.5))  # fmt: skip
_TITLE_PT = 40  # with what is above and below it


def letters_of(notice: Notice) -> Letters:
    """Return the letters in which a sheet is printed."""
    room = _SPARE * _DOWN_PT
    return next((one for one in _TRIED if max(_heights(notice, one)) <= room), _TRIED[-1])


def second_page(notice: Notice) -> int | None:
    """Return the place of the heading that begins the second page; None where there is but one."""
    heads = [at for at, one in enumerate(notice.body) if isinstance(one, Heading)]
    return heads[1] if len(heads) > 1 else None


def _heights(notice: Notice, letters: Letters) -> tuple[float, float]:
    """The points that the pages need."""
    begins = second_page(notice)
    first = notice.body if begins is None else notice.body[:begins]
    rest = notice.body[len(first) :]
    source = letters.cell_line * (1 + lines(notice.source, _ACROSS_PT / letters.cell))
    ends = sum(_height(one, letters) for one in rest) + source
    whole = _TITLE_PT + sum(_height(one, letters) for one in first)
    return (whole, ends) if rest else (whole + source, 0)


def _height(block: Block, letters: Letters) -> float:
    match block:
        case Heading():
            return letters.line * 1.4
        case Sheet():
            return _table_height(block, letters)
        case Picture():
            return 0  # in annexes only
        case _:
            words = f"{getattr(block, 'lead', '')}{block.text}"
            return letters.line * lines(words, _ACROSS_PT / letters.text - 2)


def _table_height(sheet: Sheet, letters: Letters) -> float:
    columns = widths(sheet.header, sheet.rows, letters.across, CELL_MARGIN)
    rows = [
        max(lines(cell, width - CELL_MARGIN) for cell, width in zip(row, columns, strict=True))
        for row in (sheet.header, *sheet.rows)
    ]
    return sum(rows) * letters.cell_line + 4 * len(rows) + letters.cell_line + 8
