"""The units a ledger's numbers may be written in."""

from chunshui.ledgers.cells.parsed import clean

# How many of the column's unit each written unit is.
MEASURES: dict[str, dict[str, int]] = {
    "元": {
        "元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "千万元": 10**7, "亿元": 10**8,
        "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    },
    "平方米": {
        "平方米": 1, "平米": 1, "m2": 1, "方": 1, "万平方米": 10**4, "万平米": 10**4,
        "万m2": 10**4, "万方": 10**4, "公顷": 10**4, "平方公里": 10**6, "km2": 10**6,
    },
    "米": {"米": 1, "m": 1, "公里": 1000, "千米": 1000, "km": 1000},
    "%": {"%": 1},
}  # fmt: skip
# The words that may follow a count. Another unit's word (人 in a column of 户) is refused.
COUNTERS: dict[str | None, tuple[str, ...]] = {
    "人": ("人", "名", "位", "个"),
    "人次": ("人次",),
    "户": ("户", "家", "个"),
    "栋": ("栋", "幢", "座", "个"),
    "层": ("层",),
    None: ("年", "年度"),
}
# A column in one of these must have its unit stated: 元 and 万元, 平方米 and 公顷 are both usual, and
# 0.85 may be 85 % or less than one.
# A count of persons or households is taken as such.
MUST_STATE = frozenset(["元", "平方米", "%"])


def units(unit: str | None) -> dict[str, int]:
    """The units a column in `unit` may be written in, with how many of `unit` each is."""
    if unit in MEASURES:
        return MEASURES[unit]
    if unit is None:
        return dict.fromkeys(COUNTERS[None], 1)
    scales = {"": 1, "千": 10**3, "万": 10**4, "亿": 10**8}
    words = ("", *COUNTERS.get(unit, (unit,)))
    return {scale + word: size for scale, size in scales.items() for word in words if scale + word}


def factor(unit: str | None, stated: str | None) -> int | None:
    """How many of `unit` one of `stated` is; None when it is not one of its units.

    Nothing stated is the unit itself, but for money and area, where it is None.
    """
    if stated is None:
        return None if unit in MUST_STATE else 1
    return units(unit).get(clean(stated).replace("²", "2").replace(" ", ""))
