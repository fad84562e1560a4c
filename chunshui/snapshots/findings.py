"""The finding of a section in one sentence: the title of a slide."""

from collections import Counter
from collections.abc import Sequence

from chunshui import words
from chunshui.month import Month
from chunshui.snapshots.model import Claim, Definition, Figure, Series, names_of

_JUDGED = ("达标", "接近", "未达标")


def of_figures(figures: Sequence[Figure], names: dict[str, str]) -> str:
    """Return the sentence on how many of the figures meet their targets, naming those that do not."""
    counts = [(status, sum(f.status == status for f in figures)) for status in _JUDGED]
    judged = sum(count for _, count in counts)
    if not judged:
        return f"{len(figures)}项指标，均未设目标" if figures else "没有选择指标"
    shares = "、".join(f"{count}项{status}" for status, count in counts if count)
    sentence = f"{judged}项有目标的指标中{shares}"
    missed = [names[f.metric] for f in figures if f.status == "未达标"]
    return f"{sentence}：{words.joined(missed, 2)}" if missed else sentence


def of_map(definition: Definition, level: str, figures: Sequence[Figure]) -> str:
    """Return the sentence on how many places miss the target, or which are highest and lowest."""
    known = [f for f in figures if f.value is not None]
    if not known:
        return f"{definition.name}：各{level}没有数据"
    if definition.target is not None:
        missed = sum(f.status != "达标" for f in known)
        judged = f"中{missed}个未达到目标" if missed else "全部达标"
        return f"{definition.name}：{len(known)}个{level}{judged}（{definition.target_shown}）"
    return f"{definition.name}：{_ends(known)}"


def of_ranking(
    definition: Definition, level: str, overall: Figure, figures: Sequence[Figure]
) -> str:
    """Return the sentence on which place is last, and how far from the whole or the target the places are."""
    known = [f for f in figures if f.value is not None]
    if not known:
        return f"{definition.name}：各{level}没有数据"
    # A narrower scope is named by the stamp; here its name would only be in the way.
    whole = f"{definition.name}{'全区' * (overall.place.name == '全区')} {overall.shown}"
    if len({figure.value for figure in known}) == 1:
        return f"{whole}，各{level}相同" if len(known) > 1 else whole
    missed = sum(f.status in ("接近", "未达标") for f in known)
    if missed:
        whole += f"，{len(known)}个{level}中{missed}个未达到目标"
    if definition.direction == "none":
        return f"{whole}，{_ends(known)}"
    side = "最高" if definition.direction == "down" else "最低"
    name = names_of(figure.place for figure in known)[-1]
    return f"{whole}，{side}的是{name} {known[-1].shown}"


def of_trend(definition: Definition, months: Sequence[str], series: Series) -> str:
    """Return the sentence on from what to what a figure went over the months."""
    known = [(month, v) for month, v in zip(months, series.values, strict=True) if v is not None]
    if len(known) < 2:
        return f"{definition.name}：{series.name} {series.last_shown}"
    (first, before), (_, after) = known[0], known[-1]
    change = words.change(after - before, definition.unit)
    start = f"{Month.parse(first).words}的{words.number(before, definition.unit)}"
    return f"{definition.name}由{start}到{series.last_shown}，{change}"


def of_claims(rows: Sequence[Claim]) -> str:
    """Return the sentence on how many published figures agree with the computed ones."""
    verdicts = Counter(row.verdict for row in rows)
    shares = "、".join(f"{count}项{verdict}" for verdict, count in verdicts.items())
    return f"{len(rows)}项公开数字中{shares}" if rows else "没有公开数字"


def of_attention(total: int, urgent: int) -> str:
    """Return the sentence on how many things need attention and how many of them are urgent."""
    if not total:
        return "没有需要关注的事项"
    return f"需要关注{total}件" + (f"，其中紧急{urgent}件" if urgent else "")


def of_members(definition: Definition, entity: str, total: int) -> str:
    """Return the sentence on how many things a figure did not count."""
    if not total:
        return f"{definition.name}：没有未计入的{entity}"
    return f"{definition.name}：{total:,}个{entity}未计入"


def _ends(known: Sequence[Figure]) -> str:
    names = dict(zip((f.place for f in known), names_of(f.place for f in known), strict=True))
    high = max(known, key=lambda f: f.known_value)
    low = min(known, key=lambda f: f.known_value)
    return f"最高{names[high.place]} {high.shown}，最低{names[low.place]} {low.shown}"
