"""Feed the readers of files with bytes gone wrong: `python -m tests.ledgers.fuzz --seconds 600 --seed 7`.

Every input is read or refused in words. What is read of a workbook is what openpyxl reads of it, of a map what
GDAL does, wherever they read it too; a crash, a hang or another value ends the run with the input
kept beside it.
"""

import argparse
import datetime as dt
import io
import json
import math
import random
import struct
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pyogrio
import shapely

from chunshui.errors import ChunshuiError
from chunshui.ledgers.formats.csv import read_csv
from chunshui.ledgers.formats.maps import read_map
from chunshui.ledgers.formats.workbook import read_workbook
from chunshui.ledgers.sheet import Uncalculated
from tests.ledgers.map_files import lines_file

SLOWEST_S = 5.0
WORDS = [
    b"",
    b"0",
    b"-1",
    b"1e999",
    b"NaN",
    b"99999999999",
    b"\x00",
    b"\xff",
    "坏".encode(),
    b"'",
    b'"',
    b"<",
    b"&lt;",
    b"true",
]


def workbook(draw: random.Random) -> bytes:
    """A small workbook of numbers, texts, days and formulas."""
    book = openpyxl.Workbook()
    sheet = book.active
    for _ in range(draw.randint(1, 8)):
        sheet.append(
            [
                draw.choice(
                    [
                        draw.randint(-9, 10**12),
                        draw.random(),
                        "字",
                        dt.date(2026, 3, 1),
                        None,
                        True,
                        "=1+1",
                        "a&b",
                    ]
                )
                for _ in range(draw.randint(1, 6))
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_table(draw: random.Random) -> bytes:
    """A table of texts, in one of the encodings that are read."""
    rows = "\n".join(
        ",".join(draw.choice(["甲", '"a,b"', "1", "", "2026-1-1"]) for _ in range(4))
        for _ in range(5)
    )
    return rows.encode(draw.choice(["utf-8", "utf-8-sig", "gb18030"]))


def geojson(draw: random.Random) -> bytes:
    """Points with properties of any type."""
    value = lambda: draw.choice([1, 2.5, "甲", None, True, [], {}, {"name": None}])  # noqa: E731
    document = {
        "type": "FeatureCollection",
        "crs": draw.choice(
            [None, {}, [], 3, {"properties": None}, {"properties": {"name": "EPSG:4326"}}]
        ),
        "features": [
            {
                "type": "Feature",
                "properties": {"名": value()},
                "geometry": {"type": "Point", "coordinates": [114 + draw.random(), 30]},
            }
            for _ in range(3)
        ],
    }
    return json.dumps(document, ensure_ascii=False).encode()


def shapefile(draw: random.Random) -> bytes:
    """Lines in a Shapefile: records in any order, with gaps, deleted and without a shape."""
    return lines_file(draw)


def unzipped(content: bytes) -> dict[str, bytes]:
    """The parts of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rezipped(parts: dict[str, bytes]) -> bytes:
    """An archive of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def spoiled(draw: random.Random, content: bytes) -> bytes:
    """The bytes with some of them changed, moved or gone; in an archive those of one part."""
    if content[:4] == b"PK\x03\x04" and draw.random() < 0.9:
        parts = unzipped(content)
        name = draw.choice(sorted(parts))
        parts[name] = spoiled(draw, parts[name])
        odd = name if draw.random() < 0.05 else ""
        return rezipped({part.swapcase() if part == odd else part: parts[part] for part in parts})
    data = bytearray(content)
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(data) + 1)
        how = draw.random()
        if how < 0.4 and data:
            data[at % len(data)] = draw.randrange(256)
        elif how < 0.6:
            del data[at : at + draw.randint(1, 12)]
        elif how < 0.8:
            data[at:at] = draw.choice(WORDS)
        elif how < 0.9 and len(data) >= 4:
            struct.pack_into(
                ">i", data, at % (len(data) - 3), draw.choice([0, 1, -1, 2**31 - 1, len(data)])
            )
        else:
            end = at + draw.randint(1, 40)
            data[at:at] = data[at:end]
    return bytes(data)


def openpyxls(content: bytes) -> list[list[object]] | None:
    """The cells of the first sheet as openpyxl reads them; None where it does not."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        sheet = book.worksheets[0]
        if sheet.max_row > 1_000 or sheet.max_column > 200:
            return None
        return [[cell.value for cell in row] for row in sheet.iter_rows()]
    except Exception:
        return None


def differs_from_openpyxl(content: bytes, ours: list) -> bool:
    """Whether a number, a text or a truth value that both read is not the same."""
    theirs = openpyxls(content)
    if theirs is None or not ours:
        return False
    for row, other in zip(ours[0].rows, theirs, strict=False):
        for mine, his in zip(row, other, strict=False):
            plain = (int, float, str)
            if isinstance(mine, Uncalculated):
                continue
            if not isinstance(mine, plain) or not isinstance(his, plain):
                continue
            numbers = isinstance(mine, int | float) and isinstance(his, int | float)
            alike = type(mine) is type(his) or (numbers and bool not in (type(mine), type(his)))
            if alike and mine != his and not (numbers and math.isnan(his)):
                return True
    return False


def differs_from_gdal(content: bytes, ours: list) -> bool:
    """Whether the shapes and texts of a Shapefile are not those that GDAL reads."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "a.zip"
        path.write_bytes(content)
        try:
            frame = pyogrio.read_dataframe(f"/vsizip/{path}", encoding="utf-8")
        except Exception:
            return False
    mine = [None if row[-1] is None else shapely.geometry.shape(row[-1]) for row in ours[0].rows]
    his = [None if shape is None or shape.is_empty else shape for shape in frame.geometry]
    if len(mine) != len(his):
        return True
    return any(
        (a is None) != (b is None)
        or (a is not None and not shapely.equals_exact(a, shapely.force_2d(b), 1e-12))
        for a, b in zip(mine, his, strict=True)
    )


KINDS = {
    "xlsx": (workbook, read_workbook, differs_from_openpyxl),
    "csv": (text_table, read_csv, None),
    "geojson": (geojson, read_map, None),
    "shp": (shapefile, read_map, None),
}


def try_one(draw: random.Random, kind: str) -> tuple[str, bytes]:
    """Read one spoiled input; what came of it ("read", "refused", else what is wrong) and the input."""
    make, read, differs = KINDS[kind]
    content = spoiled(draw, make(draw)) if draw.random() < 0.95 else make(draw)
    started = time.monotonic()
    try:
        grids = read(content)
    except ChunshuiError as refused:
        return ("refused" if "Traceback" not in str(refused) else "no words"), content
    except Exception as error:  # whatever it is, no reader may raise it
        return f"{type(error).__name__}: {error}", content
    if time.monotonic() - started > SLOWEST_S:
        return "slow", content
    if differs is not None and differs(content, grids):
        return "differs", content
    return "read", content


def run(seed: int, seconds: float, most: int = 10**9) -> Counter:
    """Try inputs until the time is over or so many were; raises AssertionError at the first fault."""
    ended, outcomes, number = time.monotonic() + seconds, Counter(), 0
    while time.monotonic() < ended and number < most:
        draw = random.Random(f"{seed}|{number}")
        kind = draw.choice(sorted(KINDS))
        outcome, content = try_one(draw, kind)
        if outcome not in ("read", "refused"):
            kept = Path(tempfile.gettempdir()) / f"fuzz-{seed}-{number}.{kind}"
            kept.write_bytes(content)
            raise AssertionError(f"{outcome}: input {number} of seed {seed}, kept in {kept}")
        outcomes[f"{kind} {outcome}"] += 1
        number += 1
    return outcomes


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    for what, count in sorted(run(given.seed, given.seconds).items()):
        print(f"{what:16} {count:,}")
