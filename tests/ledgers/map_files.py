"""GeoPackages and Shapefiles made by hand."""

import io
import struct
import zipfile

import shapely


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


GCS = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def shapefile(rows, headers, encoding="gb18030", prj=GCS, kinds=(), language=0, **more):
    """A zipped polygon Shapefile of rows (texts …, shape), written by hand.

    `kinds` are the letters of the fields' types, C where it ends; cells may be bytes.
    """
    records, index = b"", b""
    for number, row in enumerate(rows, start=1):
        ring = [*shapely.orient_polygons(row[-1], exterior_cw=True).exterior.coords]
        flat = [c for point in ring for c in point]
        body = struct.pack("<i4d2ii", 5, *row[-1].bounds, 1, len(ring), 0)
        body += struct.pack(f"<{len(flat)}d", *flat)
        index += struct.pack(">2i", 50 + len(records) // 2, len(body) // 2)
        records += struct.pack(">2i", number, len(body) // 2) + body
    shp = struct.pack(">i20xi", 9994, 50 + len(records) // 2) + struct.pack(
        "<2i8d", 1000, 5, *[0.0] * 8
    )
    fields = b"".join(
        struct.pack("<11sc4xBB14x", header.encode(encoding)[:11], kind.encode(), 40, 0)
        for header, kind in zip(headers, [*kinds, *"C" * len(headers)], strict=False)
    )
    lines = b"".join(
        b" "
        + b"".join(
            (cell if isinstance(cell, bytes) else str(cell).encode(encoding)).ljust(40)
            for cell in row[:-1]
        )
        for row in rows
    )
    first, length = 33 + len(fields), 1 + 40 * len(headers)
    dbf = (
        struct.pack("<4BIHH17xB2x", 3, 126, 1, 1, len(rows), first, length, language)
        + fields
        + b"\r"
        + lines
    )
    return zipped(
        a_dot_shp=shp + records,
        a_dot_shx=shp + index,
        a_dot_dbf=dbf,
        a_dot_prj=prj.encode(),
        **more,
    )


def lines_file(draw):
    """A zipped Shapefile of lines, written by hand.

    Its records lie in any order with gaps between them, as software leaves them that deletes and
    moves without packing; some are deleted, some have no shape, some heights or measures.
    """
    count = draw.randint(0, 5)
    bodies = []
    for _ in range(count):
        kind = draw.choice([0, 3, 3, 3, 13, 23])
        if kind == 0:
            bodies.append(struct.pack("<i", 0))
            continue
        ends = [(114 + draw.random(), 30 + draw.random()) for _ in range(draw.randint(2, 4))]
        flat = [c for point in ends for c in point]
        box = [min(flat[::2]), min(flat[1::2]), max(flat[::2]), max(flat[1::2])]
        body = struct.pack("<i4d3i", kind, *box, 1, len(ends), 0) + struct.pack(
            f"<{len(flat)}d", *flat
        )
        for _ in range({3: 0, 13: 2, 23: 1}[kind]):  # heights, measures: their range, then each
            body += struct.pack(f"<{2 + len(ends)}d", *[1.0] * (2 + len(ends)))
        bodies.append(body)
    order = list(range(count))
    draw.shuffle(order)
    data, places = b"", {}
    for number in order:
        if draw.random() < 0.4:  # the room of a record that was moved
            rest = struct.pack("<i", 0) + b"\0" * 4 * draw.randint(0, 6)
            data += struct.pack(">2i", 99, len(rest) // 2) + rest
        places[number] = (100 + len(data)) // 2
        data += struct.pack(">2i", number + 1, len(bodies[number]) // 2) + bodies[number]
    index = b"".join(
        struct.pack(">2i", places[number], len(bodies[number]) // 2) for number in range(count)
    )
    world = struct.pack("<2i8d", 1000, 3, 113.0, 29.0, 116.0, 32.0, 0, 0, 0, 0)

    def whole(body):
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(body)) // 2) + world + body

    field = "名".encode().ljust(11, b"\0") + b"C" + bytes(4) + bytes([12, 0]) + bytes(14)
    table = struct.pack("<4BIHH20x", 3, 126, 1, 1, count, 32 + 32 + 1, 13) + field + b"\r"
    for number in range(count):
        mark = b"*" if draw.random() < 0.25 else b" "
        table += mark + f"第{number}".encode().ljust(12)
    return zipped(
        a_dot_shp=whole(data), a_dot_shx=whole(index), a_dot_dbf=table + b"\x1a", a_dot_prj=GCS,
        a_dot_cpg="UTF-8",
    )  # fmt: skip
