"""The colours and marks of pages and documents; .streamlit/config.toml says the same to widgets.

One accent (党建红) for the subject of the moment, a sequential blue for values, grey for
context. Status colours appear only as badges beside a word and a shape.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chunshui import words


@dataclass(frozen=True)
class Palette:
    """Colours of one appearance, as #RRGGBB; `bands` run from low to high.

    `moves` run from much better to much worse, `drifts` from much less to much more: two hues that
    are told apart without seeing red or green, the even in the middle.
    """

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
    moves: tuple[str, str, str, str, str]
    drifts: tuple[str, str, str, str, str]

    def ramp(self, name: str) -> tuple[str, str, str, str, str]:
        """Return the five colours of "bands", "moves" or "drifts"."""
        return {"bands": self.bands, "moves": self.moves, "drifts": self.drifts}[name]

    @property
    def halo(self) -> str:
        """Return the shadow that keeps letters legible on lines and shades, as CSS writes it."""
        near = [f"{x}px {y}px 0 {self.ground}" for x in (-1, 0, 1) for y in (-1, 0, 1)]
        return ", ".join([*near, *[f"0 0 4px {self.ground}"] * 2])

    def ink_on(self, fill: str) -> str:
        """Return the colour of letters that is read best on a fill."""
        # CIE lightness is how light a colour looks.
        light = {one: luminance(one) ** (1 / 3) for one in (self.ink, self.ground, fill)}
        return max(self.ink, self.ground, key=lambda one: abs(light[one] - light[fill]))

    def claimed(self, way: int) -> str:
        """Return the colour of what is said to be before (1) or behind (-1) the others; 0 is neither."""
        return {1: self.drifts[4], -1: self.drifts[0]}.get(way, self.bands[2])

    def bars(self, strong: Sequence[bool], near: Sequence[bool] = ()) -> list[str]:
        """Return the shade of each bar; where some are to stand out, or nearly so, the others step back."""
        quiet = self.bands[2] if any((*strong, *near)) else self.bar
        shades = [self.bands[4] if one else quiet for one in strong]
        return [self.bands[3] if k < len(near) and near[k] else s for k, s in enumerate(shades)]


@dataclass(frozen=True)
class Paper(Palette):
    """The light appearance with what only documents draw."""

    rule: str
    panel: str
    rail: str
    leading: str  # white words on it are read at seven to one
    near: str
    point: str
    grid: str
    # Words of a status, by the name that Streamlit has for the colour of its badge.
    badges: tuple[tuple[str, str], ...]

    def status(self, status: str) -> str:
        """Return the colour of a status word."""
        return dict(self.badges)[STATUS.get(status, STATUS[words.NO_TARGET])[1]]

    def ranked_bars(self, statuses: Sequence[str], strong: Sequence[bool]) -> list[str]:
        """Return the colour of each ranked place's bar: its status, or the shade to stand out."""
        colours = {words.MISSED: self.accent, words.NEAR: self.near}
        shades = self.bars(
            [one and status not in colours for one, status in zip(strong, statuses, strict=True)]
        )
        return [colours.get(status, shade) for status, shade in zip(statuses, shades, strict=True)]


MASTHEAD = "#E60012"  # the red of official papers: name of the unit and the rule below it

LIGHT = Palette(
    ink="#0B0E12",
    quiet="#5F6772",
    border="#FFFFFF",
    ground="#FFFFFF",
    street="#56616F",
    accent="#B5121B",
    river="#8CCBD6",
    missing="#E4E1DB",
    bar="#5B8FC7",
    bands=("#E4EEF8", "#BCD5EE", "#87B1DD", "#5591CC", "#2A66AE"),
    moves=("#6FAED6", "#C6DFEF", "#FAF1CC", "#F2A582", "#A3211B"),
    drifts=("#A8722A", "#E6C48E", "#FAF1CC", "#BCD5EE", "#2A66AE"),
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
    moves=("#3F7FB5", "#234A6B", "#4A4738", "#A4553F", "#FF9478"),
    drifts=("#E0AC5E", "#7A5A26", "#4A4738", "#24527F", "#5E9CD6"),
)
# Print and slides are read from farther off than a screen: words with figures stand at seven to one.
PAPER = Paper(
    **vars(LIGHT) | {"quiet": "#464D57"},
    rule="#D0D4DA",
    panel="#F5F6F8",
    rail="#8A8F98",
    leading="#1F4F8B",
    near="#D99A2B",
    point="#7A4B12",
    grid="#E3E6EA",
    badges=(
        ("green", "#0B5C22"),
        ("orange", "#704A00"),
        ("red", "#9E0F17"),
        ("gray", "#464D57"),
    ),
)

# The family named in .streamlit/config.toml; plotly does not inherit it from the page.
FONT = "'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"

# Word, shape and badge colour of each target status: never colour alone.
STATUS = {
    words.REACHED: ("●", "green"),
    words.NEAR: ("◆", "orange"),
    words.MISSED: ("▲", "red"),
    words.OVERPAID: ("■", "red"),
    words.TOO_FEW: ("□", "gray"),
    words.NO_TARGET: ("○", "gray"),
    words.NO_DATA: ("—", "gray"),
}

SEVERITY = dict(zip(words.URGENCIES, (("▲", "red"), ("◆", "orange"), ("○", "gray")), strict=True))
AGREEMENT = {
    words.AGREES: ("●", "green"),
    words.DIFFERS: ("▲", "red"),
    words.UNCLEAR: ("◆", "orange"),
    words.NO_DATA: ("—", "gray"),
}


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 to 1."""
    parts = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG has it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def palette(dark: bool) -> Palette:
    """Return the colours for the dark or the light appearance."""
    return DARK if dark else LIGHT


def marked(word: str) -> str:
    """Return the shape and the word of a status or a severity: "▲ 未达标"."""
    return f"{(STATUS | SEVERITY).get(word, STATUS['无目标'])[0]} {word}"


def bar_legend(statuses: Iterable[str], strong: Iterable[bool], *, shapes: bool = False) -> str:
    """Return what the colours of a ranking's bars mean, for those there are; "" for none."""
    present = set(statuses)
    judged = "，".join(
        f"{colour}{f'和{STATUS[status][0]}' if shapes else ''}＝{status}"
        for status, colour in ((words.MISSED, "红色"), (words.NEAR, "黄色"))
        if status in present
    )
    return judged or ("深蓝＝最差的一档" if any(strong) else "")
