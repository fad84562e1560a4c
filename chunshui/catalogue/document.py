"""Write the tables of docs/methods.md from the catalogue: `python -m chunshui.catalogue.document`.

The prose is written by hand; what lies between `<!-- metrics -->` and `<!-- /metrics -->` (and
the same for checks and attention) is made from the query files, and a test holds it equal.
"""

import re
from pathlib import Path

from chunshui import paths, words
from chunshui.catalogue import attention, checks, metric
from chunshui.catalogue.metric import GROUPS, MARKS, Metric

METHODS = paths.ROOT / "docs" / "methods.md"
_WINDOWS = {
    "as-of": "as of the month's end",
    "month": "the month",
    "year-to-date": "the year to the month's end",
    "cumulative": "since the ledger begins",
}


def written(text: str) -> str:
    """Return the document with its generated parts made anew."""
    for name, table in (("metrics", metrics()), ("checks", rules()), ("attention", watches())):
        part = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = part.sub(lambda found, table=table: f"{found[1]}\n{table}\n{found[2]}", text)
    return text


def metrics() -> str:
    """Return a chapter per group and a section per metric."""
    lines = []
    for group in GROUPS:
        lines += [f"### {group}", ""]
        for one in metric.load_all().values():
            if one.group == group:
                lines += [*_section(one), ""]
    return "\n".join(lines)


def rules() -> str:
    """Return the table of data-quality rules."""
    lines = ["| id | 规则 | 级别 | 对象 | 如何修改 |", "|---|---|---|---|---|"]
    for one in checks.load_all().values():
        entity = words.entity(one.entity)
        lines.append(f"| `{one.id}` | {one.name} | {one.severity} | {entity} | {one.mend} |")
    return "\n".join(lines) + "\n"


def watches() -> str:
    """Return the table of attention rules."""
    lines = ["| id | 级别 | 标题 | 句式 |", "|---|---|---|---|"]
    for one in attention.load_all().values():
        lines.append(f"| `{one.id}` | {one.severity} | {one.title} | {one.template} |")
    return "\n".join(lines) + "\n"


def _section(one: Metric) -> list[str]:
    lines = [
        f"#### {one.name} `{one.id}`",
        "",
        f"- unit {one.unit}; {one.kind}, {_WINDOWS[one.window]}; one row is {one.one_row}",
        f"- 分子：{one.numerator}",
    ]
    if one.denominator:
        lines.append(f"- 分母：{one.denominator}")
    lines.append(f"- 依据［{one.mark}，{MARKS[one.mark]}］：{one.source}")
    if one.target is not None:
        near = f"，接近线 {words.number(one.amber, one.unit)}" if one.amber is not None else ""
        sign = "≥" if one.direction == "up" else "≤"
        target = words.number(one.target, one.unit)
        lines.append(f"- 目标：{sign} {target}{near}（{one.target_source}）")
    if others := [variant.name for variant in one.variants[1:]]:
        lines.append(f"- 其他算法：{'；'.join(others)}")
    if one.claim:
        lines.append(f"- 对照公开数据 {one.claim}")
    if one.other_reading:
        lines.append(f"- 公开数据 {one.other_reading} 的另一种读法")
    return [*lines, f"- 注意：{one.caveat}"]


def main(path: Path = METHODS) -> None:
    """Rewrite the generated parts of the document in place."""
    path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
