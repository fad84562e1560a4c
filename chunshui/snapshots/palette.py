"""Colours of the documents: the light appearance of the pages, as hex without '#'."""

from collections.abc import Iterable

INK = "1F2328"
QUIET = "5F6772"
RULE = "D0D4DA"
GROUND = "FFFFFF"
PANEL = "F5F6F8"
STREET = "56616F"
ACCENT = "B5121B"
RIVER = "7CB7D9"
RAIL = "8A8F98"
MISSING = "E4E1DB"
BAR = "5B8FC7"
NEAR = "D99A2B"
POINT = "7A4B12"
GRID = "E3E6EA"
BANDS = ("E4EEF8", "BCD5EE", "87B1DD", "4A86C4", "1B559A")

# Word → shape and colour. The shape stands beside the word everywhere: never colour alone.
STATUS = {
    "达标": ("●", "1A7F37"),
    "接近": ("◆", "9A6700"),
    "未达标": ("▲", "B5121B"),
    "无目标": ("○", "5F6772"),
    "无数据": ("—", "5F6772"),
}
SEVERITY = {"紧急": "▲", "关注": "◆", "提示": "●"}


def shades(classes: int, *, falling: bool = False) -> tuple[str, ...]:
    """Return one shade of blue for each of 1 to 5 classes, low to high, far apart when few.

    `falling` reverses them for what should be low, so that dark always is the better.
    """
    if classes <= 1:
        return (BANDS[2],)
    found = tuple(BANDS[round(k * 4 / (classes - 1))] for k in range(classes))
    return found[::-1] if falling else found


def fill(figure, chosen: tuple[str, ...]) -> str:
    """Return the colour of a place on a map: its class, 无数据, or hardly any out of scope."""
    if figure is None:
        return PANEL
    return MISSING if figure.band is None else chosen[figure.band]


def bar(status: str) -> str:
    """Return the colour of a ranked place's bar."""
    return {"未达标": ACCENT, "接近": NEAR}.get(status, BAR)


def bar_words(statuses: Iterable[str], *, shapes: bool = False) -> str:
    """Say what the colours of a ranking's bars mean, for those there are; "" for none."""
    found = set(statuses)
    return "，".join(
        f"{colour}{f'和 {STATUS[status][0]}' if shapes else ''}＝{status}"
        for status, colour in (("未达标", "红色"), ("接近", "黄色"))
        if status in found
    )


def status_mark(status: str) -> str:
    """Return the shape and the word of a status: "▲ 未达标"."""
    return f"{STATUS.get(status, STATUS['无目标'])[0]} {status}"


def status_colour(status: str) -> str:
    """Return the colour of a status word."""
    return STATUS.get(status, STATUS["无目标"])[1]
