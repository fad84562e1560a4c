"""Colours of the pictures, in light and dark; the rest of the look is in .streamlit/config.toml.

One accent (党建红) for the subject of the moment, a sequential blue for values, grey for
context. Status colours appear only as badges beside a word and a shape.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours of one appearance; `bands` run from low to high."""

    ink: str
    quiet: str
    border: str
    ground: str
    street: str
    accent: str
    river: str
    missing: str
    bar: str
    bands: tuple[str, str, str, str, str]


LIGHT = Palette(
    ink="#1F2328",
    quiet="#5F6772",
    border="#FFFFFF",
    ground="#FFFFFF",
    street="#56616F",
    accent="#B5121B",
    river="#8CCBD6",
    missing="#E4E1DB",
    bar="#5B8FC7",
    bands=("#E4EEF8", "#BCD5EE", "#87B1DD", "#5591CC", "#2A66AE"),
)
DARK = Palette(
    ink="#E9E7E2",
    quiet="#A6ADB7",
    border="#14171B",
    ground="#14171B",
    street="#A6B0BC",
    accent="#F0656B",
    river="#2C6E78",
    missing="#343A42",
    bar="#4F86C2",
    bands=("#1C3650", "#24527F", "#3373AF", "#5E9CD6", "#A9CDF2"),
)

# The family named in .streamlit/config.toml; plotly does not inherit it from the page.
FONT = "'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"

# Word, shape and badge colour of each target status: never colour alone.
STATUS = {
    "达标": ("●", "green"),
    "接近": ("◆", "orange"),
    "未达标": ("▲", "red"),
    "无目标": ("○", "gray"),
    "无数据": ("—", "gray"),
}

SEVERITY = {"紧急": ("▲", "red"), "关注": ("◆", "orange"), "提示": ("○", "gray")}
AGREEMENT = {
    "一致": ("●", "green"),
    "不一致": ("▲", "red"),
    "口径不明": ("◆", "orange"),
    "无数据": ("—", "gray"),
}


def palette(dark: bool) -> Palette:
    """Return the colours for the dark or the light appearance."""
    return DARK if dark else LIGHT
