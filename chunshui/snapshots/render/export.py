"""All documents of a snapshot at once: names, bytes, and what could not be made and why."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

from chunshui.errors import ChunshuiError
from chunshui.snapshots.model import Section, Snapshot
from chunshui.snapshots.render.brief import brief
from chunshui.snapshots.render.deck import deck
from chunshui.snapshots.render.notice import paper, word
from chunshui.snapshots.render.onepage import card, long, slide
from chunshui.snapshots.render.pictures import pictures
from chunshui.snapshots.render.workbook import workbook
from chunshui.snapshots.stamp import file_name

# Extension → what it is called, in the order they are made.
FORMATS = {
    "pptx": "演示文稿",
    "docx": "公文",
    "pdf": "简报",
    "xlsx": "工作簿",
    "png": "图片",
    "svg": "矢量图",
}
# Other forms of it, by what they are called: the extension, and the part that the file name says.
FORMS = {
    "card": ("pdf", "一页"),
    "slide": ("pptx", "一页"),
    "long": ("png", "长图"),
    "paper": ("pdf", "公文"),
    "whole": ("docx", "全附件"),
}
FORM_WORDS = {
    "card": "领导一页（A4）",
    "slide": "领导一页（16:9）",
    "long": "手机长图",
    "paper": "公文（PDF）",
    "whole": "公文（含全部附件）",
}
USUAL = ("pptx", "docx", "pdf", "xlsx")
MEDIA_TYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "svg": "image/svg+xml",
    "zip": "application/zip",
}


@dataclass
class Documents:
    """Files by name, and a sentence for each that could not be made."""

    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def known_formats(names: Iterable[str]) -> list[str]:
    """Return the formats named, each once. Raises ChunshuiError for one that there is not."""
    formats = list(dict.fromkeys(names))
    if strangers := [name for name in formats if name not in FORMATS | FORMS]:
        known = "、".join(FORMATS | FORMS)
        raise ChunshuiError(f"不认识的格式{'、'.join(strangers)}，可选：{known}。")
    return formats


def documents(
    snapshot: Snapshot,
    exported_at: dt.datetime,
    formats: Iterable[str] = USUAL,
    progress: Callable[[str, float], None] = lambda step, share: None,
    templates: Mapping[str, bytes] = MappingProxyType({}),
) -> Documents:
    """Return the documents of a snapshot. One that fails keeps no other from being made.

    `templates` are the unit's own by extension (pptx, docx), the standard ones else. `progress` is told the step (Chinese) and the share done. Raises ChunshuiError for an unknown
    format.
    """
    result = Documents()
    jobs = [job for one in known_formats(formats) for job in _jobs(snapshot, one, templates)]
    for number, (what, name, make) in enumerate(jobs):
        progress(f"生成{what}", number / len(jobs))
        try:
            result.files[name] = make(exported_at)
        except ChunshuiError as fault:
            result.faults.append(f"{what}没有生成：{fault}")
    progress("已生成", 1.0)
    return result


def zip_bytes(files: dict[str, bytes], exported_at: dt.datetime) -> bytes:
    """Return the files as one zip; same files and time, same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, exported_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def _about(section: Section) -> str:
    """What a picture is of, for its file's name: without units."""
    return re.sub(r"（[^（）\d]*）", "", section.heading).replace(" · ", "-")


def _jobs(
    snapshot: Snapshot, extension: str, templates: Mapping[str, bytes]
) -> Iterator[tuple[str, str, Callable[[dt.datetime], bytes]]]:
    """Yield what each file of a format is, its name, and what makes it."""
    deck_template = templates.get("pptx")
    if extension in FORMS:
        makers: dict[str, Callable[[dt.datetime], bytes]] = {
            "card": partial(card.pdf_bytes, snapshot),
            "slide": partial(slide.pptx_bytes, snapshot, template=deck_template),
            "long": partial(long.png_bytes, snapshot),
            "paper": partial(paper.pdf_bytes, snapshot),
            "whole": partial(word.docx_bytes, snapshot, template=templates.get("docx"), whole=True),
        }
        ending, part = FORMS[extension]
        yield FORM_WORDS[extension], file_name(snapshot, ending, part), makers[extension]
        return
    what = FORMATS[extension]
    whole: dict[str, Callable[..., bytes]] = {
        "pptx": partial(deck.pptx_bytes, template=deck_template),
        "docx": partial(word.docx_bytes, template=templates.get("docx")),
        "pdf": brief.pdf_bytes,
        "xlsx": workbook.xlsx_bytes,
    }
    if extension in whole:
        yield what, file_name(snapshot, extension), partial(whole[extension], snapshot)
        return
    draw = pictures.png_bytes if extension == "png" else pictures.svg_bytes
    for number, section in enumerate(snapshot.sections, 1):
        if pictures.can_draw(section):
            name = file_name(snapshot, extension, f"{number:02d}-{_about(section)}")
            yield f"{what}“{section.heading}”", name, partial(draw, snapshot, section)
