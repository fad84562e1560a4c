"""Totals: the word by which a row says that it is one, and what may be added up."""

import re

from chunshui.ledgers.cells.parsed import clean

LABEL = re.compile(
    r"[^:]{0,16}?(合计|总计|小计|共计|累计|总数|总和|平均|均值|承前页|过次页)(?:数|额)?(?:\([^()]*\))?:?\Z"
)
PART = "其中"  # a row under a total that breaks it down by a measure of its own
LAST = frozenset("计数额和均值页:：)）")
# What may be added up over rows: storeys and distances may not.
ADDED = frozenset(["元", "平方米", "户", "人", "人次", "栋"])
WHOLE = ("总计", "共计", "总数", "总和")


def total_label(text: str) -> str | None:
    """The word by which a cell says that its row is a total; None when it says no such thing."""
    stripped = text.strip()
    if stripped.startswith(PART):
        return PART
    if not stripped or stripped[-1] not in LAST:
        return None
    matched = LABEL.match(clean(text).replace(" ", ""))
    return matched[1] if matched else None
