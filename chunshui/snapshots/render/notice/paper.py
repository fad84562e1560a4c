"""The notice as PDF in the same form as the Word file, for whoever only reads or prints it."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from chunshui.drawing.theme import MASTHEAD
from chunshui.snapshots.model import Snapshot
from chunshui.snapshots.render import typeset
from chunshui.snapshots.render.notice.blocks import (
    Block,
    Heading,
    Note,
    Paragraph,
    Picture,
    Point,
    Sheet,
)
from chunshui.snapshots.render.notice.content import NO_DATE, notice_of
from chunshui.snapshots.render.notice.one_sheet import (
    CELL_MARGIN,
    MARGIN_MM,
    letters_of,
    second_page,
)
from chunshui.snapshots.render.table_layout import widths
from chunshui.snapshots.stamp import clean, shorten

# Letters of a table's size on a line of the page, upright and crosswise; of small ones, as many columns have them.
_LINE, _WIDE_LINE, _SMALL = 42.0, 60.0, 9 / 10.5
_MANY = 6
_CELL_LENGTH = 400
_PICTURE_MM = 95


def pdf_bytes(snapshot: Snapshot, exported_at: dt.datetime) -> bytes:
    """Return the notice as PDF bytes; on one machine the same snapshot and time give the same bytes.

    Its fonts are those of official documents where the machine has them, else the vendored one. Raises
    `typeset.GlyphMissingError` naming a character that none of them has.
    """
    notice = notice_of(snapshot)
    letters = letters_of(notice) if notice.is_sheet else None
    between = (
        [notice.number, *filter(None, notice.under)]
        if any(notice.under)
        else [notice.number, f"签发人：{notice.approver}" if notice.approver else ""]
    )
    copies = [f"抄送：{notice.copies.rstrip('。')}。"] if notice.copies else []
    issued = notice.issuer and notice.date != NO_DATE
    day = exported_at.astimezone(dt.UTC)
    data = {
        "title": shorten(notice.title.replace("\n", ""), 120),
        "unit": clean(snapshot.unit) or "—",
        "keywords": [snapshot.data_version, snapshot.id, snapshot.nature_words],
        "day": [day.year, day.month, day.day],
        "nature": notice.nature,
        "demonstration": notice.is_demonstration,
        "secrecy": notice.secrecy,
        "masthead": notice.masthead,
        "between": [one for one in between if one],
        "approver": f"签发：{notice.approver}" if any(notice.under) and notice.approver else "",
        "lines": notice.title.split("\n"),
        "addressee": f"{notice.addressee.rstrip('：:')}：" if notice.addressee else "",
        "opening": notice.opening,
        "sheet": vars(letters) | {"margin-mm": MARGIN_MM} if letters else None,
        "second-page": second_page(notice) if letters else None,
        "body": _parts(notice.body, letters.across if letters else _LINE, letters is not None),
        "annexes": [
            {
                "title": one.title,
                "wide": one.wide,
                "parts": _parts(one.blocks, _WIDE_LINE if one.wide else _LINE),
            }
            for one in notice.annexes
        ],
        "red": MASTHEAD,
        "signature": notice.signature,
        "date": notice.date,
        "source": notice.source,
        "copies": copies,
        "issued": [notice.issuer, f"{notice.date}印发"] if copies and issued else [],
    }
    template = Path(__file__).parent / "paper.typ"
    return typeset.pdf_bytes(template, data, exported_at, system_fonts=True)


def _parts(blocks: Iterable[Block], line: float, is_sheet: bool = False) -> list[dict]:
    """The blocks as the template takes them; points are numbered anew under each heading."""
    parts: list[dict] = []
    number = pictures = 0
    for block in blocks:
        match block:
            case Heading(level, text):
                number = 0
                parts.append({"kind": "heading", "level": level, "text": text})
            case Paragraph(text):
                parts.append({"kind": "text", "text": text})
            case Note(text):
                parts.append({"kind": "note", "text": text})
            case Point(lead, text, alone):
                number += 1
                mark = "" if alone else f"{number}."
                parts.append({"kind": "point", "number": mark, "lead": lead, "text": text})
            case Sheet(header, rows, right, note):
                is_small = len(header) > _MANY and not is_sheet
                cut = [[shorten(cell, _CELL_LENGTH) for cell in row] for row in rows]
                parts.append(
                    {
                        "kind": "table",
                        "header": list(header),
                        "rows": cut,
                        "right": list(right),
                        "note": note,
                        "widths": widths(
                            header, cut, line / _SMALL if is_small else line, CELL_MARGIN
                        ),
                    }
                )
            case Picture(drawing, caption):
                pictures += 1
                parts.append(
                    {
                        "kind": "picture",
                        "svg": drawing.svg(),
                        "alt": clean(drawing.description),
                        "caption": f"图{pictures}　{caption}",
                        "height": _PICTURE_MM,
                    }
                )
    return parts
