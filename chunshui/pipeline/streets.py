"""Street files turned into the ledgers 步行节点 and 步行路段.

An OpenStreetMap extract, GeoJSON, GeoPackage or zipped Shapefile is read in a child with limits,
cut to where people live and to as far around as they may walk, and written as two ledgers, which
go through check, preview and publishing like any other.
"""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from chunshui import coordinates
from chunshui.circles import network as networks
from chunshui.circles import streets
from chunshui.circles.lines import from_lines
from chunshui.circles.network import Network
from chunshui.circles.osm import read_osm
from chunshui.circles.reach import REACH_M
from chunshui.errors import ChunshuiError, NothingPublishedError
from chunshui.ledgers import child, personal
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.formats.maps import read_map
from chunshui.ledgers.geometries import system
from chunshui.ledgers.read import file_sheets
from chunshui.ledgers.recognise import recognise
from chunshui.ledgers.sheet import Sheet
from chunshui.warehouse import Store

MARGIN_M = REACH_M  # no walk is measured farther
# The check of the ledgers refuses points five kilometres outside the district.
FARTHEST_MARGIN_M = 4000.0
OSM, MAPS = ".pbf", (".geojson", ".json", ".gpkg", ".zip")
SECONDS = 600
_OUTLINES = ("community", "district")  # ledgers whose shapes say where people live
_LINES, _AREAS = ("LineString", "MultiLineString"), ("Polygon", "MultiPolygon")

Files = list[tuple[Path, str]]


@dataclass(frozen=True)
class StreetLedgers:
    """Two ledgers made of a street file.

    Attributes:
        label: What the street file is called.
        files: The csv files of 步行节点 and 步行路段, each with its name.
        report: What is in them, what was left out and why: sentences in Chinese.
    """

    label: str
    files: Files
    report: tuple[str, ...]


def street_ledgers(
    files: Files,
    folder: Path,
    *,
    outline: Path | None = None,
    store: Store | None = None,
    margin_m: float = MARGIN_M,
    seconds: float = SECONDS,
) -> StreetLedgers | None:
    """Find the street file among some files and turn it into ledgers; None when there is none.

    Args:
        files: Files, each with the name by which messages call it.
        folder: Where to put the ledgers.
        outline: A map file of the area; else the communities among `files`, else those of the
            version that `store` serves.
        store: See above.
        margin_m: How far around the area streets are taken along, metres.
        seconds: The longest it may take.

    Raises:
        ChunshuiError: More than one street file, none that can be read, no area, or no street
            in it.
    """
    if not 0 <= margin_m <= FARTHEST_MARGIN_M:
        raise ChunshuiError(f"外扩距离要在0到{FARTHEST_MARGIN_M:,.0f}米之间。")
    if not any(_may_be_streets(label) for _, label in files):
        return None
    with tempfile.TemporaryDirectory() as out:
        request = {
            "job": "streets",
            "files": [
                [str(path.resolve()), label]
                for path, label in files
                if _is_map(label) and not personal.holds(label)
            ],
            "outline": None if outline is None else [str(outline.resolve()), outline.name],
            "served": None if outline is not None else _served_outline(store, Path(out)),
            "margin_m": margin_m,
        }
        failure = child.run(__name__, request, Path(out), seconds=seconds)
        if failure:
            raise ChunshuiError(
                f"路网文件没能读完（{failure}）。请换用只含本区一带的文件，或先在制图软件里裁剪。"
            )
        result = json.loads((Path(out) / "result.json").read_text("utf-8"))
        if result["error"]:
            raise ChunshuiError(result["error"])
        if result["label"] is None:
            return None
        made = []
        stem = result["label"].removesuffix(OSM).removesuffix(".osm")
        for table in ("walk_node", "walk_edge"):
            name = ALL[table].name
            path = folder / f"{name}.csv"
            path.write_bytes((Path(out) / f"{table}.csv").read_bytes())
            made.append((path, f"{name}（{stem}）.csv"))
    return StreetLedgers(result["label"], made, tuple(result["report"]))


def _is_map(label: str) -> bool:
    return label.lower().endswith((OSM, *MAPS))


def _may_be_streets(label: str) -> bool:
    """Whether a file's name leaves open that it holds streets.

    A ledger's name does not; and a name that holds personal data is for the ledgers' check to refuse.
    """
    named = any(ledger.name in label for ledger in ALL.values())
    return _is_map(label) and not named and not personal.holds(label)


def _served_outline(store: Store | None, folder: Path) -> list[str] | None:
    """Write the communities of the version in use for the child; its file and the version."""
    if store is None:
        return None
    try:
        with store.open() as reader:
            shapes = reader.query("views/communities")["shape"]
            version = reader.manifest.version
    except NothingPublishedError:
        return None
    area = shapely.union_all(shapely.make_valid(shapely.from_wkb([bytes(s) for s in shapes])))
    path = folder / "served.wkb"
    path.write_bytes(shapely.to_wkb(area))
    return [str(path), version]


# -------------------------------------------------------------------------------- the child's side


def main() -> None:
    """Do what standard input asks for."""
    child.serve({"streets": _make})


def _make(request: dict, out: Path) -> None:
    result: dict = {"error": None, "label": None, "report": []}
    try:
        if made := _read(request):
            result["label"], result["report"], network = made
            nodes, edges = streets.to_ledgers(network)
            for table, rows in (("walk_node", nodes), ("walk_edge", edges)):
                headers = {column.key: column.header for column in ALL[table].columns}
                rows.rename(columns=headers).to_csv(
                    out / f"{table}.csv", index=False, encoding="utf-8-sig"
                )
    except ChunshuiError as error:
        result["error"] = str(error)
    (out / "result.json").write_text(json.dumps(result, ensure_ascii=False), "utf-8")


def _read(request: dict) -> tuple[str, list[str], Network] | None:
    """Read the street file of a request; its name, the report and the network cut to the area."""
    found: list[tuple[str, Path, Sheet | None]] = []
    areas: dict[str, shapely.Geometry] = {}
    for name, label in request["files"]:
        path = Path(name)
        if label.lower().endswith(OSM):
            found.append((label, path, None))
            continue
        try:
            sheets = file_sheets(read_map, path.read_bytes(), label)
        except ChunshuiError as error:
            if not _may_be_streets(label):
                continue  # a ledger: reading it says what is wrong with it
            raise ChunshuiError(f"《{label}》{error}") from error
        stem = Path(label).stem if len(sheets) == 1 else ""
        for sheet in sheets:
            ledger = recognise(sheet, stem)
            if ledger is None and _mostly(sheet, _LINES):
                found.append((label, path, sheet))
            elif ledger is not None and ledger.id in _OUTLINES:
                areas[ledger.id] = _area([sheet])
    if not found:
        return None
    if len(found) > 1:
        names = "、".join(
            f"《{label}》" + (f"的图层“{sheet.titles[0]}”" if sheet and sheet.titles else "")
            for label, _, sheet in found
        )
        raise ChunshuiError(
            f"一次只能带一个路网，这批里有{len(found)}个：{names}。"
            "请只留一个；要合并的，请先在制图软件里合成一个图层。"
        )
    ((label, path, streets_sheet),) = found
    words, area = _chosen_area(request, areas, label)
    margin_m = request["margin_m"]
    if streets_sheet is None:
        # A degree of latitude is 111 km; a little more than the margin, and cut to it below.
        north = margin_m / 110_000
        east = north / np.cos(np.radians(min(np.abs(area.bounds[1::2]).max(), 80.0)))
        west, south, right, top = area.bounds
        bounds = (west - east, south - north, right + east, top + north)
        network = read_osm(path, bounds=bounds, name=label)
    else:
        network = from_lines(frame_of(streets_sheet), name=f"《{label}》")
    here = coordinates.shapes_to_metres(area, network.crs)
    network = networks.clip(network, here.buffer(margin_m))
    report = [
        f"《{label}》按{words}外扩{margin_m:,.0f}米裁剪，做成步行节点、步行路段两本台账。",
        *streets.summary(network),
    ]
    return label, report, network


def _chosen_area(
    request: dict, areas: dict[str, shapely.Geometry], label: str
) -> tuple[str, shapely.Geometry]:
    """Choose the area: the one stated, that of the same files, or that of the version in use."""
    if request["outline"]:
        name, words = request["outline"]
        try:
            sheets = file_sheets(read_map, Path(name).read_bytes(), words)
        except ChunshuiError as error:
            raise ChunshuiError(
                f"范围文件《{words}》{error}（可用行政区界、社区名录，或任何面图层）。"
            ) from error
        return f"《{words}》的范围", _area(sheets)
    for ledger in _OUTLINES:
        if ledger in areas:
            return f"同批{ALL[ledger].name}的范围", areas[ledger]
    if request["served"]:
        path, version = request["served"]
        return f"现用版本{version}各社区的范围", shapely.from_wkb(Path(path).read_bytes())
    raise ChunshuiError(
        f"《{label}》不知道按什么范围裁剪：同批里没有社区名录或行政区界，也还没有现用版本。"
        "请一并上传社区名录，或用 --outline 写明范围文件。"
    )


def _mostly(sheet: Sheet, types: tuple[str, ...]) -> bool:
    shapes = [row[-1] for row in sheet.rows if isinstance(row[-1], dict)]
    return 2 * sum(shape.get("type") in types for shape in shapes) > len(shapes)


def _area(sheets: list[Sheet]) -> shapely.Geometry:
    """Return the polygons of some layers as one, in WGS-84 degrees."""
    shapes = []
    for sheet in sheets:
        frame = frame_of(sheet)
        networks.check_crs(frame.crs, frame.total_bounds, f"范围文件《{sheet.file}》")
        frame = frame[frame.geom_type.isin(_AREAS)].to_crs(4326)
        shapes += shapely.make_valid(frame.geometry.to_numpy()).tolist()
    if not shapes:
        raise ChunshuiError(f"范围文件《{sheets[0].file}》里没有一个面。请改用面图层，如社区名录。")
    return shapely.union_all(shapes)


def frame_of(sheet: Sheet) -> gpd.GeoDataFrame:
    """Return a layer of a map file with its coordinate system; GCJ-02 and BD-09 turned into WGS-84."""
    shapes = np.array([_shape(row[-1]) for row in sheet.rows], dtype=object)
    columns = pd.DataFrame([row[:-1] for row in sheet.rows], columns=sheet.headers[:-1])
    is_geojson = sheet.crs is None  # which is in WGS-84 unless it says otherwise
    stated = coordinates.WGS84 if is_geojson else system(sheet.crs or "")
    if stated in (coordinates.GCJ02, coordinates.BD09):
        shapes = shapely.transform(
            shapes, lambda xy: np.column_stack(coordinates.to_wgs84(xy[:, 0], xy[:, 1], stated))
        )
    crs = "EPSG:4326" if stated else sheet.crs or None
    try:
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)
    except pyproj.exceptions.CRSError as error:
        raise ChunshuiError(
            f"《{sheet.file}》写明的坐标系“{str(sheet.crs)[:40]}”认不出来。"
            "请导出为 WGS-84 或 CGCS2000 经纬度。"
        ) from error


def _shape(geometry: object) -> shapely.Geometry | None:
    """Return a GeoJSON geometry as a shape; None for what is none."""
    try:
        return shapely.force_2d(shapely.geometry.shape(geometry))
    except (
        ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError,
        shapely.GEOSException,
    ):  # fmt: skip
        return None
