"""Pictures of one map or chart, with its title and stamp: PNG for pasting, SVG for printers."""

import datetime as dt
from pathlib import Path

from chunshui.drawing.theme import PAPER
from chunshui.errors import ChunshuiError
from chunshui.snapshots.model import Map, Ranking, Section, Snapshot, Trend, is_empty
from chunshui.snapshots.render import map_layout, typeset
from chunshui.snapshots.render.pictures import drawings
from chunshui.snapshots.render.pictures.drawings import Drawing, text
from chunshui.snapshots.render.table_layout import em
from chunshui.snapshots.stamp import Stamp, clean, stamp

WIDTH = 960
_MARGIN = 24


def svg_bytes(snapshot: Snapshot, section: Section, exported_at: dt.datetime) -> bytes:
    """Return a section's map or chart as SVG with title and stamp; words stay words."""
    return _framed(snapshot, section, stamp(snapshot, exported_at)).svg().encode("utf-8")


def png_bytes(
    snapshot: Snapshot, section: Section, exported_at: dt.datetime, *, pixels: int = 1920
) -> bytes:
    """Return the same as PNG, `pixels` wide, drawn with the vendored font."""
    return raster(_framed(snapshot, section, stamp(snapshot, exported_at)), exported_at, pixels)


def raster(picture: Drawing, exported_at: dt.datetime, pixels: int) -> bytes:
    """Return a drawing as PNG, `pixels` wide, drawn with the vendored font."""
    words = {"alt": clean(picture.description), "title": clean(picture.title)}
    data = {"svg": picture.svg(), "width": picture.width, "height": picture.height, **words}
    template = Path(__file__).parent / "picture.typ"
    page = typeset.pdf_bytes(template, data, exported_at, archive=False)
    return typeset.png_bytes(page, pixels / picture.width)


def can_draw(section: Section) -> bool:
    """Whether a section is a map or a chart, and not one of a single value."""
    return isinstance(section, Map | Ranking | Trend) and not is_empty(section)


def _framed(snapshot: Snapshot, section: Section, mark: Stamp) -> Drawing:
    """The drawing with its finding above and the stamp below."""
    inner_width = WIDTH - 2 * _MARGIN
    inner = drawing_of(snapshot, section, inner_width)
    lines = _wrap(section.title, inner_width / 22)
    top = _MARGIN + 30 * len(lines) + 26
    parts = [f'<rect width="100%" height="100%" fill="{PAPER.ground}"/>']
    for number, line in enumerate(lines):
        parts.append(text(_MARGIN, _MARGIN + 20 + 30 * number, line, size=22, bold=True))
    parts.append(text(_MARGIN, top - 8, section.heading, size=15, colour=PAPER.quiet))
    parts.append(f'<g transform="translate({_MARGIN} {top + 6})">{inner.body}</g>')
    y = top + inner.height + 34
    right = WIDTH - _MARGIN
    parts.append(
        f'<line x1="{_MARGIN}" y1="{y - 18}" x2="{right}" y2="{y - 18}" stroke="{PAPER.rule}"/>'
    )
    stamps = [*_wrap(mark.first_line, inner_width / 13), *_wrap(mark.second_line, inner_width / 13)]
    for number, line in enumerate(stamps):
        parts.append(text(_MARGIN, y + 18 * number, line, size=13, colour=PAPER.quiet))
    if mark.is_demonstration:
        width = em(mark.nature) * 13 + 16
        x, base = right - width, y + 18 * len(stamps)
        parts.append(
            f'<rect x="{x:.0f}" y="{base - 10:.0f}" width="{width:.0f}" height="24" fill="none" '
            f'stroke="{PAPER.accent}" stroke-width="1.4"/>'
        )
        parts.append(
            text(
                x + width / 2, base + 7, mark.nature, size=13, colour=PAPER.accent,
                anchor="middle", bold=True,
            )
        )  # fmt: skip
    height = y + 18 * len(stamps) + 24
    return Drawing(WIDTH, round(height), "".join(parts), section.title, inner.description)


def drawing_of(snapshot: Snapshot, section: Section, width: int = WIDTH) -> Drawing:
    """Return a section's map or chart alone, `width` pixels wide."""
    if isinstance(section, Map):
        definition = snapshot.definition(section.metric)
        ground = map_layout.ground(snapshot, section)
        return drawings.map_drawing(section, definition, ground, width)
    if isinstance(section, Ranking):
        return drawings.bars_drawing(section, snapshot.definition(section.metric), width)
    if isinstance(section, Trend):
        return drawings.trend_drawing(section, snapshot.definition(section.metric), width)
    raise ChunshuiError(f"“{section.heading}”不是地图或图表，不能存成图片；请下载工作簿。")


def _wrap(words: str, length: float, most: int = 3) -> list[str]:
    """Cut words into lines of at most `length` letters; what is over is cut with an ellipsis."""
    lines = [""]
    for letter in " ".join(clean(words).split()):
        if em(lines[-1]) + em(letter) > length:
            if len(lines) == most:
                lines[-1] = f"{lines[-1][:-1]}…"
                break
            lines.append("")
        lines[-1] += letter
    return lines
