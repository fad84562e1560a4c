"""The deck's colours as the theme's, so that a unit's own theme recolours what is drawn.

What has a meaning of its own stays as it is: the words of a status, the classes of a change, no data.
"""

import colorsys
from functools import cache

from chunshui.drawing.theme import PAPER

# The colours of the empty deck's theme, by the names that the format has for their places.
THEME = {
    "dk1": PAPER.ink,
    "lt1": PAPER.ground,
    "dk2": PAPER.accent,
    "lt2": PAPER.panel,
    "accent1": PAPER.leading,
    "accent2": PAPER.accent,
    "accent3": PAPER.bar,
    "accent4": PAPER.street,
    "accent5": PAPER.river,
    "accent6": PAPER.near,
    "hlink": PAPER.bands[4],
    "folHlink": PAPER.street,
}
_PLACES = (
    dict.fromkeys(PAPER.bands, "accent1")
    | dict.fromkeys((PAPER.quiet, PAPER.rule, PAPER.grid, PAPER.rail, PAPER.street), "accent4")
    | {
        PAPER.ink: "tx1",
        PAPER.ground: "bg1",
        PAPER.panel: "bg2",
        PAPER.accent: "accent2",
        PAPER.bar: "accent3",
        PAPER.river: "accent5",
        PAPER.near: "accent6",
        PAPER.point: "accent6",
    }
)
_NAMES = {"tx1": "dk1", "bg1": "lt1", "bg2": "lt2"}


@cache
def themed(colour: str) -> tuple[str, float] | None:
    """Return a colour's place in the theme and how much lighter (to 1) or darker (to -1) it is; None without one."""
    place = _PLACES.get(colour)
    if place is None:
        return None
    own, base = _light(colour), _light(THEME[_NAMES.get(place, place)])
    if abs(own - base) < 0.002:
        return place, 0.0
    return place, round((own - base) / (1 - base) if own > base else own / base - 1, 3)


def solid(colour: str, alpha: int | None = None) -> str:
    """Return a fill of a colour (#RRGGBB); `alpha` is its opacity in thousandths of a per cent."""
    inside = f'<a:alpha val="{alpha}"/>' if alpha else ""
    if found := themed(colour):
        place, lighter = found
        if lighter:
            mod = f'<a:lumMod val="{round((1 - abs(lighter)) * 100_000)}"/>'
            off = f'<a:lumOff val="{round(lighter * 100_000)}"/>' if lighter > 0 else ""
            inside = mod + off + inside
        return f'<a:solidFill><a:schemeClr val="{place}">{inside}</a:schemeClr></a:solidFill>'
    return f'<a:solidFill><a:srgbClr val="{colour[1:]}">{inside}</a:srgbClr></a:solidFill>'


def _light(colour: str) -> float:
    """The lightness of the HSL space, in which a theme's colours are made lighter and darker."""
    red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return colorsys.rgb_to_hls(red, green, blue)[1]
