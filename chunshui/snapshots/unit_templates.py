"""A unit's own templates: kept once on this computer, never changed, chosen or not.

    <data>/unit_templates/3f9a12bc77d0.pptx   the file as it was uploaded, by its SHA-256
                          3f9a12bc77d0.json   its name, when it came, what the check said
                          chosen.json         which is used, by kind; none: the standard one

Which template a document is made on is no part of what is frozen: the snapshot's id stays.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from chunshui import clock, paths
from chunshui.errors import ChunshuiError
from chunshui.snapshots.render.deck import master
from chunshui.snapshots.render.notice import unit_style
from chunshui.snapshots.stamp import safe_name
from chunshui.warehouse import durable

STANDARD = "标准"
MOST = 40  # files kept
_ID = re.compile(r"[0-9a-f]{12}")
# Other extensions that are read as one of the kinds.
_READ_AS = {"pptx": "pptx", "potx": "pptx", "docx": "docx", "dotx": "docx"}
_REFUSED = {
    **dict.fromkeys(("pptm", "potm", "ppsm", "docm", "dotm"), "带有宏"),
    **dict.fromkeys(("ppt", "pot", "doc", "dot"), "是旧版格式"),
    **dict.fromkeys(("wps", "dps", "odp", "otp", "odt", "ott"), "不是 pptx 或 docx"),
}


@dataclass(frozen=True)
class UnitTemplate:
    """A template that is kept. `kind` is pptx or docx; `added_at` is ISO 8601 in Chinese time.

    `found` says what of it is used as it is, `instead` what is put in the place of what it lacks.
    """

    id: str
    kind: str
    name: str
    added_at: str
    found: tuple[str, ...]
    instead: tuple[str, ...]

    @property
    def report(self) -> str:
        """What the check found, in one paragraph."""
        used = [f"照用：{'；'.join(self.found)}"] if self.found else []
        others = [f"代用：{'；'.join(self.instead)}"] if self.instead else []
        return "。".join([*used, *others, ""]) or "可以使用。"


def checked(name: str, content: bytes) -> UnitTemplate:
    """Return what is said of a file that may be a template, without keeping it.

    Raises ChunshuiError with the file's name, the reason and how to mend it.
    """
    extension = name.rpartition(".")[2].lower()
    try:
        if reason := _REFUSED.get(extension):
            kind = "docx" if extension[0] in "dw" and extension != "dps" else "pptx"
            raise ChunshuiError(
                f"{reason}，不能用作模板。请用 PowerPoint、Word 或 WPS 另存为不含宏的 {kind}。"
            )
        if extension not in _READ_AS:
            raise ChunshuiError(
                "不是 pptx 或 docx 文件。请上传演示文稿母版（.pptx）或公文模板（.docx）。"
            )
        kind = _READ_AS[extension]
        report = _CHECKS[kind](content)
    except ChunshuiError as fault:
        said = str(fault)
        raise ChunshuiError(
            f"模板“{safe_name(name)}”{said}{'' if said.endswith('。') else '。'}"
        ) from fault
    digest = hashlib.sha256(content).hexdigest()[:12]
    at = clock.now().isoformat("T", "seconds")
    return UnitTemplate(digest, kind, safe_name(name), at, *report)


def add(name: str, content: bytes, root: Path | None = None) -> UnitTemplate:
    """Check a template, keep it and choose it. One that is kept already stays as it is."""
    new = checked(name, content)
    folder = _folder(root)
    kept = {one.id: one for one in listing(root)}
    if new.id not in kept:
        if len(kept) >= MOST:
            raise ChunshuiError(f"已存了{MOST}个模板，请管理员清理数据文件夹里的 {folder.name}。")
        with durable.disk_in_words():
            folder.mkdir(parents=True, exist_ok=True)
            durable.replace(folder / f"{new.id}.{new.kind}", content)
            durable.replace(folder / f"{new.id}.json", json.dumps(asdict(new), ensure_ascii=False))
    choose(new.kind, new.id, root)
    return kept.get(new.id, new)


def listing(root: Path | None = None) -> list[UnitTemplate]:
    """Return the templates that are kept, the latest first; a damaged note hides its file."""
    found = []
    for file in _folder(root).glob("*.json"):
        if _ID.fullmatch(file.stem):
            try:
                plain = json.loads(file.read_text("utf-8"))
                said = [tuple(map(str, plain.pop(key))) for key in ("found", "instead")]
                found.append(UnitTemplate(**plain, found=said[0], instead=said[1]))
            except (OSError, ValueError, TypeError, KeyError):
                continue
    return sorted(found, key=lambda one: (one.added_at, one.id), reverse=True)


def chosen(root: Path | None = None) -> dict[str, str]:
    """Return the ids of the templates in use by kind; a kind without one uses the standard."""
    try:
        plain = json.loads((_folder(root) / "chosen.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    known = {one.id: one.kind for one in listing(root)}
    return {kind: one for kind, one in dict(plain).items() if known.get(one) == kind}


def choose(kind: str, template_id: str | None, root: Path | None = None) -> None:
    """Use a template from now on for documents of a kind; None: the standard one."""
    now = chosen(root) | {kind: template_id}
    with durable.disk_in_words():
        _folder(root).mkdir(parents=True, exist_ok=True)
        content = json.dumps({key: one for key, one in now.items() if one})
        durable.replace(_folder(root) / "chosen.json", content)


def read(template_id: str, root: Path | None = None) -> tuple[str, bytes]:
    """Return the kind and the bytes of a template, whole as they came.

    Raises ChunshuiError when it is not there, or no longer what its id says.
    """
    one = next((one for one in listing(root) if one.id == template_id), None)
    if one is None:
        raise ChunshuiError(f"没有编号为“{template_id[:20]}”的单位模板。")
    try:
        content = (_folder(root) / f"{one.id}.{one.kind}").read_bytes()
    except OSError as fault:
        raise ChunshuiError(
            f"单位模板“{one.name}”的文件读不到，请重新上传，或改用标准模板。"
        ) from fault
    if hashlib.sha256(content).hexdigest()[:12] != one.id:
        raise ChunshuiError(f"单位模板“{one.name}”的文件已被改动，请重新上传，或改用标准模板。")
    return one.kind, content


def in_use(root: Path | None = None) -> dict[str, bytes]:
    """Return the templates in use by kind."""
    return dict(read(one, root) for one in chosen(root).values())


def _folder(root: Path | None) -> Path:
    return (root or paths.data_dir()) / "unit_templates"


def _check_deck(content: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    report = master.of_template(content).report
    return tuple(report.found), tuple(report.instead)


def _check_notice(content: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    base = unit_style.of_template(content)
    return tuple(base.found), tuple(base.instead)


_CHECKS = {"pptx": _check_deck, "docx": _check_notice}
