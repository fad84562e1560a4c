"""The typesetter and the rasteriser, with the vendored font and nothing of the machine's."""

import datetime as dt
import io
import json
import re
import tempfile
import threading
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pypdfium2
import typst

from chunshui.errors import ChunshuiError
from chunshui.snapshots.stamp import clean, shorten

HERE = Path(__file__).parent
_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
# PDFium is not safe under threads; pages of several users may be drawn at once.
_PDFIUM = threading.Lock()


class GlyphMissingError(ChunshuiError):
    """The font has no shape for a character. `letter` is it, `where` the text it stands in."""

    def __init__(self, letter: str, where: str):
        self.letter, self.where = letter, where
        super().__init__(
            f"字库里没有{self.named}这个字，出现在“{where}”。"
            "请在台账中改用通用规范汉字，再重新生成；演示文稿和工作簿不受影响。"
        )

    @property
    def named(self) -> str:
        """The character and its number: “𠮷”（U+20BB7）."""
        return f"“{self.letter}”（{'、'.join(f'U+{ord(c):04X}' for c in self.letter)}）"


def pdf_bytes(
    template: Path,
    data: dict,
    when: dt.datetime,
    *,
    archive: bool = True,
    system_fonts: bool = False,
) -> bytes:
    """Return the PDF that a template makes of `data`; same input, same bytes.

    With `system_fonts` a template finds the machine's fonts too, before the vendored one.

    With `archive` it is PDF/A-2a and PDF/UA-1: tagged, fonts embedded. Raises
    `GlyphMissingError` naming a character that the font lacks. The template gets `data` as JSON
    strings, so no text in it can act as markup, and it can read no file.
    """
    with tempfile.TemporaryDirectory() as nothing:
        compiler = typst.Compiler(
            template.read_bytes(),
            root=nothing,
            font_paths=_fonts(system=system_fonts),
            ignore_system_fonts=not system_fonts,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
        try:
            document = compiler.compile(
                format="pdf",
                pdf_standards=["a-2a", "ua-1"] if archive else ["a-2u"],
                timestamp=when.astimezone(dt.UTC),
            )
        except typst.TypstError as fault:
            missing = _GLYPH.search(fault.message)
            if not missing:
                raise ChunshuiError(f"排版没有成功：{fault.message}") from fault
            letter = _unescape(missing[1])
            raise GlyphMissingError(letter, _where(data, letter)) from fault
    assert isinstance(document, bytes)  # pictures alone come as a list, one a page
    return document


def check_glyphs(words: str, where: str) -> None:
    """Raise ChunshuiError if the font lacks a letter of the words that someone typed at `where`."""
    ever = dt.datetime.fromtimestamp(0, dt.UTC)
    try:
        pdf_bytes(HERE / "glyphs.typ", {"words": clean(words)}, ever)
    except GlyphMissingError as fault:
        raise ChunshuiError(
            f"{where}里的{fault.named}印不出来：字库里没有。请改用通用规范汉字，不用表情符号。"
        ) from fault


def page_count(document: bytes) -> int:
    """Return the number of pages of a PDF."""
    with _PDFIUM, pypdfium2.PdfDocument(document) as pages:
        return len(pages)


def page_height(document: bytes) -> float:
    """Return how high the first page of a PDF is, in points (1/72 inch)."""
    with _PDFIUM, pypdfium2.PdfDocument(document) as pages:
        return float(pages[0].get_height())


def png_bytes(document: bytes, scale: float, page: int = 0) -> bytes:
    """Return a page of a PDF as PNG, `scale` pixels to the point (1/72 inch)."""
    with _PDFIUM, pypdfium2.PdfDocument(document) as pages:
        picture = pages[page].render(scale=scale).to_pil()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG", compress_level=6)
    return out.getvalue()


@cache
def _fonts(*, system: bool) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=system, include_embedded_fonts=False, font_paths=[HERE / "fonts"]
    )


def _unescape(words: str) -> str:
    r"""Undo the typesetter's \u{…} in a message."""
    return re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda m: chr(int(m[1], 16)), words)


def _where(data: object, letter: str) -> str:
    """Return the shortest text in the data that holds the letter, pictures left out."""
    plain = [text for text in _texts(data) if not text.startswith("<svg")]
    inside = (re.findall(r">([^<>]+)<", t) for t in _texts(data) if t.startswith("<svg"))
    for texts in (plain, chain.from_iterable(inside)):
        if holding := [text for text in texts if letter in text]:
            return shorten(min(holding, key=len), 40)
    return letter


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list | tuple):
        for value in data.values() if isinstance(data, dict) else data:
            yield from _texts(value)
