"""What an official document says beside its figures, as users type it: its fields, and what may not stand there."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from chunshui.errors import ChunshuiError
from chunshui.ledgers import personal
from chunshui.snapshots.model import Head
from chunshui.snapshots.stamp import clean, shorten

LENGTH = 80  # letters of a field; of those that list units
LIST_LENGTH = 300
LINES, LINE_LENGTH = 30, 500  # requirements, and letters of one
LABELS = {
    "issuer": "发文单位",
    "secrecy": "密级",
    "number": "文号或期号",
    "addressee": "主送",
    "copies": "抄送",
    "approver": "签发（写岗位）",
    "signature": "落款",
    "date": "日期",
}
LISTS = ("addressee", "copies")
REQUIREMENTS = "下一步要求"
_OWN_NUMBER = re.compile(r"^\s*(?:[（(]?(?:[一二三四五六七八九十]+|\d+)[)）、．.](?!\d))+\s*")
_ONE_BY_ONE = re.compile(r"^[一二三四五六七八九十]+(?:是|要)")
_WHOM_ENDS = re.compile(
    r"[：:，,；。]|要|应|须|在"
)  # the words of a requirement before say whom it is for
_BETWEEN = re.compile(r"[，、,；;。：:\s]+")


def typed_head(typed: Mapping[str, str], requirements: str = "") -> Head:
    """Return what was typed, cleaned: a field on one line, of the requirements one a line."""
    fields = {name: " ".join(clean(typed.get(name) or "").split()) for name in LABELS}
    lines = (" ".join(clean(line).split()) for line in requirements.splitlines())
    return Head(**fields, requirements=tuple(filter(None, lines)))


def requirements(head: Head | None) -> tuple[list[str], bool]:
    """Return the requirements as sentences without the numbers typed before them, and whether they are to be numbered.

    Such as 一是……，二是…… count by themselves.
    """
    lines = [
        _OWN_NUMBER.sub("", clean(line)).strip() for line in (head.requirements if head else ())
    ]
    lines = [
        line if line.endswith(("。", "！", "？")) else f"{line.rstrip('；：…')}。" for line in lines
    ]
    return lines, not any(map(_ONE_BY_ONE.match, lines))


def numbered_requirements(head: Head | None) -> list[str]:
    """Return the requirements as sentences, each with its number."""
    lines, are_numbered = requirements(head)
    return [f"{n}. {line}" for n, line in enumerate(lines, 1)] if are_numbered else lines


def requirements_for(head: Head, street: str, streets: Collection[str]) -> Head:
    """Return a head without the requirements that begin with other streets: 宗关、汉正街道：……, 宗关街道要……."""

    def concerns(line: str) -> bool:
        whom = _WHOM_ENDS.split(line, maxsplit=1)[0]
        named = {one for one in streets if one.removesuffix("街道") in whom}
        return not named or street in named

    return replace(head, requirements=tuple(filter(concerns, head.requirements)))


def refuse_faulty(head: Head) -> None:
    """Raise ChunshuiError for the first field that cannot stand in a document, and say why.

    That is a person's name, a telephone number and the like, and too long a text.
    """
    for name, label in LABELS.items():
        text = vars(head)[name]
        if len(text) > (most := LIST_LENGTH if name in LISTS else LENGTH):
            raise ChunshuiError(f"“{label}”超过{most}字，请精简。")
        units = _BETWEEN.split(text) if name in LISTS else [text]
        if name in ("issuer", "approver", "signature", *LISTS):
            for unit in filter(None, units):
                if personal.names_person(unit):
                    raise ChunshuiError(
                        f"“{label}”里的“{shorten(unit, 20)}”像是人名。只写单位和岗位，如区委办公室主任；"
                        "姓名在印发时手签。"
                    )
        _refuse_personal(label, text)
    if len(head.requirements) > LINES:
        raise ChunshuiError(f"“{REQUIREMENTS}”最多{LINES}条，现有{len(head.requirements)}条。")
    for number, line in enumerate(head.requirements, 1):
        if len(line) > LINE_LENGTH:
            raise ChunshuiError(f"“{REQUIREMENTS}”第{number}条超过{LINE_LENGTH}字，请分成几条。")
        _refuse_personal(f"{REQUIREMENTS}第{number}条", line)


def _refuse_personal(label: str, text: str) -> None:
    if kind := personal.holds(text):
        raise ChunshuiError(f"“{label}”含{kind}，请删去；只写单位和岗位，不写个人。")


def issued_anew(head: Head) -> Head:
    """Return a head as any other document begins with: without the number, the day and the requirements of this."""
    return replace(head, number="", date="", requirements=())
