"""A unit's own Office template, looked at before anything of it is used.

Refused by its table of contents (bombs, macros, controls, passwords), by its XML (document types) and by what
its parts refer to outside of the file. A template file (.potx, .dotx) is read as the document it makes.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats.parts import OLE, Package, parse_xml, refuse_oversized

MOST_BYTES = 20 << 20
# What is said of an extension, and the content types of its main part: as it is kept, and others read as it.
KINDS = {"pptx": "演示文稿", "docx": "Word 文档"}
_MAIN = "application/vnd.openxmlformats-officedocument."
_TYPES = {
    "pptx": (f"{_MAIN}presentationml.presentation.main+xml",
             (f"{_MAIN}presentationml.template.main+xml", f"{_MAIN}presentationml.slideshow.main+xml")),
    "docx": (f"{_MAIN}wordprocessingml.document.main+xml", (f"{_MAIN}wordprocessingml.template.main+xml",)),
}  # fmt: skip
_CONTENT_TYPES = "[Content_Types].xml"
_DAMAGED = "文件损坏，打不开。请用 PowerPoint、Word 或 WPS 打开后另存再上传"
_ACTIVE = {
    "vbaproject": "带有宏",
    "vbadata": "带有宏",
    "activex": "带有控件",
    "ctrlprops": "带有控件",
}
# Kinds of relation (the end of their type) that bring in what a template has no business with.
_EMBEDDED = {
    "oleObject": "嵌有对象（OLE）",
    "package": "嵌有其他文件",
    "control": "带有控件",
    "video": "嵌有视频",
    "audio": "嵌有声音",
    "media": "嵌有音视频",
}
# What an office program writes by itself and nobody needs: it is taken out, not refused.
_DROPPED = ("attachedTemplate", "printerSettings", "thumbnail", "commentAuthors")


@dataclass(frozen=True)
class Relation:
    """What a part refers to: its kind (the end of its type), where it leads, whether out of the file."""

    part: str
    kind: str
    target: str
    outside: bool


def opened(content: bytes, kind: str) -> bytes:
    """Return a template (`kind`: pptx or docx) as a document of that kind, when nothing speaks against it.

    Raises ChunshuiError with the reason and how to mend it.
    """
    what = KINDS[kind]
    if len(content) > MOST_BYTES:
        raise ChunshuiError(
            f"模板有{len(content) / (1 << 20):.0f} MB，最多{MOST_BYTES >> 20} MB。请压缩母版里的图片，删去示例页后再上传。"
        )
    if content[:4] == OLE:
        raise ChunshuiError(f"是旧版或加密的文件，不能用作模板。请去掉密码，另存为 {kind}。")
    try:
        with Package(io.BytesIO(content)) as archive:
            refuse_oversized(archive, f"请用 PowerPoint、Word 或 WPS 打开后另存为 {kind}")
            _refuse_active(archive, kind)
            if not archive.holds(_CONTENT_TYPES):
                raise ChunshuiError(f"不是{what}。请上传 {kind} 文件。")
            types = archive.read(_CONTENT_TYPES)
            if "macroenabled" in types.decode("utf-8", "replace").lower():
                raise ChunshuiError(f"带有宏，不能用作模板。请另存为不含宏的 {kind}。")
            own, others = _TYPES[kind]
            if own.encode() not in types and not any(one.encode() in types for one in others):
                raise ChunshuiError(f"不是{what}。请上传 {kind} 文件。")
            for name in archive.namelist():
                if name.lower().endswith((".xml", ".rels", ".vml")):
                    parse_xml(archive.read(name), lambda tag, attributes: None)
            for other in others:
                types = types.replace(other.encode(), own.encode())
            return _rewritten(archive, types)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as fault:
        raise ChunshuiError(f"{_DAMAGED}。") from fault
    except (expat.ExpatError, KeyError, ValueError, RuntimeError) as fault:
        raise ChunshuiError(
            f"内部结构与 {kind} 不符，读不出。请用 PowerPoint、Word 或 WPS 打开后另存再上传。"
        ) from fault


def refuse_outside(content: bytes, where: Callable[[str], str]) -> None:
    """Raise ChunshuiError for a link out of the file or an embedded object; `where` says in what part.

    For what is left of a template when its slides or paragraphs are taken out.
    """
    with Package(io.BytesIO(content)) as archive:
        for relation in relations(archive):
            place = where(relation.part)
            if relation.outside:
                raise ChunshuiError(
                    f"{place}有指向文件之外的链接（{relation.target[:60]}），不能用作模板。"
                    "请断开链接：图片改为插入，超链接删去，链接的对象删去。"
                )
            if said := _EMBEDDED.get(relation.kind):
                raise ChunshuiError(f"{place}{said}，不能用作模板。请删去后再上传。")


def relations(archive: zipfile.ZipFile) -> list[Relation]:
    """Return every relation of every part of a document."""
    found: list[Relation] = []
    for name in archive.namelist():
        if not name.endswith(".rels"):
            continue
        folder, _, own = name.rpartition("/")
        part = posixpath.normpath(posixpath.join(folder, "..", own.removesuffix(".rels")))

        def relation(tag: str, attributes: dict[str, str], part: str = part) -> None:
            if tag.rpartition(":")[2] == "Relationship":
                kind = attributes["Type"].rpartition("/")[2]
                outside = attributes.get("TargetMode") == "External"
                found.append(Relation(part, kind, attributes["Target"], outside))

        parse_xml(archive.read(name), relation)
    return found


def _refuse_active(archive: zipfile.ZipFile, kind: str) -> None:
    for name in archive.namelist():
        for sign, reason in _ACTIVE.items():
            if sign in name.lower():
                raise ChunshuiError(f"{reason}，不能用作模板。请另存为不含宏和控件的 {kind}。")


def _rewritten(archive: Package, types: bytes) -> bytes:
    """Return the archive with other content types and without the relations nobody needs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in archive.infolist():
            part = types if entry.filename == _CONTENT_TYPES else archive.read(entry.filename)
            if entry.filename.endswith(".rels"):
                part = _without_dropped(part)
            target.writestr(zipfile.ZipInfo(entry.filename), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _without_dropped(rels: bytes) -> bytes:
    kept: list[str] = []
    head: dict[str, str] = {}
    dropped = False

    def relation(tag: str, attributes: dict[str, str]) -> None:
        nonlocal dropped
        if tag.rpartition(":")[2] != "Relationship":
            head.update(attributes)
        elif attributes["Type"].rpartition("/")[2] in _DROPPED:
            dropped = True
        else:
            said = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
            kept.append(f"<Relationship {said}/>")

    parse_xml(rels, relation)
    if not dropped:
        return rels
    space = next((value for name, value in head.items() if name.startswith("xmlns")), "")
    body = "".join(kept)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f"<Relationships xmlns={quoteattr(space)}>{body}</Relationships>"
    ).encode()
