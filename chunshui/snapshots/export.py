"""All documents of a snapshot at once: names, bytes, and what could not be made and why."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from chunshui.errors import ChunshuiError
from chunshui.snapshots import brief, deck, pictures, workbook
from chunshui.snapshots.snapshot import Snapshot
from chunshui.snapshots.stamp import file_name, safe_name

# Extension → what it is called, in the order they are made.
FORMATS = {
    "pptx": "演示文稿",
    "pdf": "简报",
    "xlsx": "工作簿",
    "png": "图片",
    "svg": "矢量图",
}
USUAL = ("pptx", "pdf", "xlsx")
MEDIA_TYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
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


def documents(
    snapshot: Snapshot,
    exported_at: dt.datetime,
    formats: Iterable[str] = USUAL,
    progress: Callable[[str, float], None] = lambda step, share: None,
) -> Documents:
    """Return the documents of a snapshot. One that fails does not keep the others from being made.

    `progress` is told the step (Chinese) and the share done. Raises ChunshuiError for an unknown
    format.
    """
    wanted = list(dict.fromkeys(formats))
    if strangers := [name for name in wanted if name not in FORMATS]:
        known = "、".join(FORMATS)
        raise ChunshuiError(f"不认识的格式 {'、'.join(strangers)}，可选：{known}。")
    made = Documents()
    for number, extension in enumerate(wanted):
        progress(f"生成{FORMATS[extension]}", number / len(wanted))
        try:
            made.files |= _make(snapshot, extension, exported_at)
        except ChunshuiError as fault:
            made.faults.append(f"{FORMATS[extension]}没有生成：{fault}")
    progress("已生成", 1.0)
    return made


def bundle(files: dict[str, bytes], exported_at: dt.datetime) -> bytes:
    """Return the files as one zip; same files and time, same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, exported_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def _make(snapshot: Snapshot, extension: str, exported_at: dt.datetime) -> dict[str, bytes]:
    whole = {"pptx": deck.build, "pdf": brief.build, "xlsx": workbook.build}
    if extension in whole:
        return {file_name(snapshot, extension): whole[extension](snapshot, exported_at)}
    draw = pictures.png if extension == "png" else pictures.svg
    return {
        file_name(snapshot, extension, f"{number:02d}-{safe_name(section.heading)}"): draw(
            snapshot, section, exported_at
        )
        for number, section in enumerate(snapshot.sections, 1)
        if pictures.can_draw(section)
    }
