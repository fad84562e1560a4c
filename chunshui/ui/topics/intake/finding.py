"""How things stand with an intake, in sentences."""

from chunshui.access.roles import Act
from chunshui.ledgers.contracts import ALL
from chunshui.month import Month
from chunshui.ui.data import manifest
from chunshui.ui.shell import permit
from chunshui.ui.topics.intake.data import Draft, counts, effect
from chunshui.warehouse import Edition
from chunshui.words import ERROR


def finding(draft: Draft | None, present: Edition) -> str:
    """Say in one sentence how things stand, and what comes next for who looks."""
    publishes = permit.may(Act.PUBLISH)
    if draft is None:
        as_of = manifest(present).as_of
        until = f"，数据到{Month.parse(as_of).words}" if as_of else ""
        rest = "先检查、再预览、最后发布" if publishes else "先检查，没有错误的留给台账员核对发布"
        return f"现用{present.version}{until}。上传台账后{rest}。"
    staged = draft.report.staged
    if errors := counts(draft)[ERROR]:
        return f"查出{errors:,}处错误，还不能发布；现用{present.version}不受影响。"
    if publishes and (questions := draft.report.questions):
        return f"没有错误；有{len(questions)}处要先核对、确认，再预览和发布。"
    if draft.preview:
        moved = len(effect(present, draft.preview)[0])
        change = f"{moved}项全区指标与现用版本不同" if moved else "全区指标没有变化"
        return f"预览{draft.preview.version}已建成，尚未发布：{change}。"
    streets = list(dict.fromkeys(n for part in staged.merged.values() for n in part.names))
    only = f"只更新{'、'.join(streets)}，" if 0 < len(streets) <= 3 else ""
    return f"没有错误，{only}{'可以预览对指标的影响' if publishes else '等台账员核对发布'}。"


def extent(draft: Draft) -> list[str]:
    """Say of each ledger with rows of some streets only what is in it and what is not."""
    present = draft.report.base
    return [
        f"{ALL[one].name}：这批有{'、'.join(part.names) or '空表'}（{part.rows:,}行），"
        f"{present}里还有{_others(part.others)}（{part.kept:,}行）"
        for one, part in draft.report.staged.parts.items()
    ]


def _others(names: tuple[str, ...]) -> str:
    if not names:
        return "原来的"
    return "、".join(names) if len(names) <= 3 else f"其余{len(names)}个街道"
