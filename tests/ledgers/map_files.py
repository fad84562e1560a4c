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


def shapefile(rows, headers, encoding="gb18030", prj=GCS, **more):
    """A zipped polygon Shapefile of rows (texts …, shape), written by hand."""
    records = b""
    for number, row in enumerate(rows, start=1):
        ring = [*shapely.orient_polygons(row[-1], exterior_cw=True).exterior.coords]
        flat = [c for point in ring for c in point]
        body = struct.pack("<i4d2ii", 5, *row[-1].bounds, 1, len(ring), 0)
        body += struct.pack(f"<{len(flat)}d", *flat)
        records += struct.pack(">2i", number, len(body) // 2) + body
    shp = struct.pack(">i20xi", 9994, 50 + len(records) // 2) + struct.pack(
        "<2i8d", 1000, 5, *[0.0] * 8
    )
    fields = b"".join(
        struct.pack("<11sc4xBB14x", header.encode(encoding)[:11], b"C", 40, 0) for header in headers
    )
    lines = b"".join(
        b" " + b"".join(str(cell).encode(encoding).ljust(40) for cell in row[:-1]) for row in rows
    )
    first, length = 33 + len(fields), 1 + 40 * len(headers)
    dbf = struct.pack("<4BIHH20x", 3, 126, 1, 1, len(rows), first, length) + fields + b"\r" + lines
    return zipped(
        a_dot_shp=shp + records, a_dot_shx=b"x", a_dot_dbf=dbf, a_dot_prj=prj.encode(), **more
    )
