"""Write the tables of docs/methods.md from the catalogue: `python -m chunshui.catalogue.document`.

The prose is written by hand; what lies between `<!-- metrics -->` and `<!-- /metrics -->` (and
the same for checks and attention) is made from the query files, and a test holds it equal.
"""

from pathlib import Path

from chunshui import paths, words
from chunshui.catalogue.attention import all_rules
from chunshui.catalogue.checks import all_checks
from chunshui.catalogue.figure import target_text
from chunshui.catalogue.metric import GROUPS, MARKS, WINDOWS, Metric, all_metrics

METHODS = paths.ROOT / "docs" / "methods.md"


def renewed(text: str) -> str:
    """Return the document with its generated parts made anew."""
    parts = {"metrics": metric_chapters(), "checks": check_table(), "attention": rule_table()}
    for name, table in parts.items():
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, _, rest = text.partition(start)
        text = f"{before}{start}\n{table}\n{end}{rest.partition(end)[2]}"
    return text


def metric_chapters() -> str:
    """Return a chapter per group and a section per metric."""
    lines = []
    for group in GROUPS:
        lines += [f"### {group}", ""]
        for one in all_metrics().values():
            if one.group == group:
                lines += [*_section(one), ""]
    return "\n".join(lines)


def check_table() -> str:
    """Return the table of data-quality rules."""
    lines = ["| id | 规则 | 级别 | 对象 | 如何修改 |", "|---|---|---|---|---|"]
    for one in all_checks().values():
        entity = words.entity(one.entity)
        lines.append(f"| `{one.id}` | {one.name} | {one.severity} | {entity} | {one.mend} |")
    return "\n".join(lines) + "\n"


def rule_table() -> str:
    """Return the table of attention rules."""
    lines = ["| id | 级别 | 标题 | 句式 |", "|---|---|---|---|"]
    for one in all_rules().values():
        lines.append(f"| `{one.id}` | {one.severity} | {one.title} | {one.template} |")
    return "\n".join(lines) + "\n"


def _section(one: Metric) -> list[str]:
    lines = [
        f"#### {one.name} `{one.id}`",
        "",
        f"- unit {one.unit}; {one.kind}, {one.window}（{WINDOWS[one.window]}）; one row is {one.one_row}",
        f"- 分子：{one.numerator}",
    ]
    if one.denominator:
        lines.append(f"- 分母：{one.denominator}")
    lines.append(f"- 依据［{one.mark}，{MARKS[one.mark]}］：{one.source}")
    if one.target is not None:
        near = f"，接近线{words.bound(one.amber, one.unit)}" if one.amber is not None else ""
        target = str(target_text(one)).removeprefix("目标")
        lines.append(f"- 目标：{target}{near}（{one.target_source}）")
    if others := [variant.name for variant in one.variants[1:]]:
        lines.append(f"- 其他算法：{'；'.join(others)}")
    return [*lines, f"- 注意：{one.caveat}"]


def main(path: Path = METHODS) -> None:
    """Rewrite the generated parts of the document in place."""
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
