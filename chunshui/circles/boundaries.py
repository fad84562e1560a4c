"""Judge how the boundaries of communities, streets and the district lie to each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates, words
from chunshui.words import NOTE, WARNING

OVERLAP, TWICE, GAP, OUTSIDE, SLIVER = "边界重叠", "边界重复", "边界缺口", "边界越出", "边界细缝"
KINDS = (OVERLAP, TWICE, GAP, OUTSIDE, SLIVER)
WIDE_M = 5.0  # what is nowhere wider comes of drawing one line twice: a sliver
LEAST_M2 = 100.0  # smaller than this nothing is told one by one
OF_SIZE_M2 = 1_000.0  # as much or more is a warning, and has to be confirmed before it is published
DUST_M2 = 1.0  # and smaller than this not even counted: rounding
SAME = 0.95  # of both: two shapes that are one
TOLD = 10  # of each kind and layer, the largest; the rest is counted
NEAR_M = 1.0
GRID_M = 0.001  # shapes meet on a grid: of lines that all but coincide GEOS finds no way out
_MENDS = {
    OVERLAP: "核对两边的边界图形，重叠的部分只归一边；确有争议的请注明。",
    TWICE: "核对边界图形：多半是复制后没有改画。",
    GAP: "核对边界图形；确属水面、铁路等不划入的不必改。",
    OUTSIDE: "核对边界图形与所属的上级，改错的一边。",
    SLIVER: "相邻边界请用同一条线（制图软件的拓扑检查、捕捉可一次修好）；不改不影响统计。",
}


@dataclass(frozen=True)
class _Layer:
    """A layer in metres: what holds on its latest day."""

    table: str
    codes: np.ndarray
    names: np.ndarray
    parents: np.ndarray
    shapes: np.ndarray

    @property
    def word(self) -> str:
        return words.ENTITIES[self.table]

    def named(self, at: np.ndarray) -> str:
        """The names of some shapes, three at most."""
        some = "、".join(self.names[np.sort(at)[:3]])
        return some if len(at) <= 3 else f"{some}等{len(at)}个{self.word}"


@dataclass(frozen=True)
class _Fault:
    kind: str
    table: str
    code: str
    area_m2: float
    message: str

    @property
    def severity(self) -> str:
        """A warning for what is of size, which a person must confirm; else a note."""
        of_size = self.kind != SLIVER and self.area_m2 >= OF_SIZE_M2
        return WARNING if of_size or self.kind == TWICE else NOTE


def topology_findings(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Find overlaps, doubles, gaps, what juts out of what it belongs to, and slivers.

    Args:
        layers: Rows of district, street and community; `shape` holds shapes in WGS-84 degrees.

    Returns:
        Rows of check_result, areas in square metres in the words: of each kind and layer the ten
        largest one by one and the rest counted, slivers of a layer as one note.
    """
    longitudes = shapely.get_coordinates(layers["district"]["shape"].to_numpy(dtype=object))[:, 0]
    crs = coordinates.zone(longitudes)
    district, street, community = (
        _layer(table, layers[table], parent, crs)
        for table, parent in (("district", None), ("street", "district"), ("community", "street"))
    )
    faults: list[_Fault] = []
    for layer, above in ((street, district), (community, street)):
        slivers: list[tuple[float, str]] = []
        faults += _overlaps(layer, slivers)
        faults += _gaps(layer, above, slivers)
        faults += _outside(layer, above, slivers)
        faults += _slivers(layer, slivers)
    rows = [
        (one.kind, one.severity, one.table, one.code, one.message, _MENDS[one.kind])
        for one in _capped(faults)
    ]
    columns = ["check_id", "severity", "entity_table", "entity_id", "message", "mend"]
    return pd.DataFrame(rows, columns=columns)


def to_be_confirmed(findings: pd.DataFrame) -> pd.DataFrame:
    """Return those of some rows of check_result that say of boundaries what may hardly be so."""
    return findings[findings["check_id"].isin(KINDS) & (findings["severity"] == WARNING)]


def _layer(table: str, rows: pd.DataFrame, parent: str | None, crs: str) -> _Layer:
    """The rows in force on the latest day on which one came into force: merged ones overlap new."""
    if "valid_to" in rows:
        ends = pd.to_datetime(rows["valid_to"])
        rows = rows[ends.isna() | (ends > pd.to_datetime(rows["valid_from"]).max())]
    rows = rows.sort_values(f"{table}_code")
    shapes = coordinates.shapes_to_metres(rows["shape"].to_numpy(dtype=object), crs)
    return _Layer(
        table,
        rows[f"{table}_code"].to_numpy(dtype=object),
        rows[f"{table}_name"].to_numpy(dtype=object),
        rows[f"{parent}_code"].to_numpy(dtype=object) if parent else np.empty(0, dtype=object),
        np.asarray(shapely.make_valid(shapes), dtype=object),
    )


def _overlaps(layer: _Layer, slivers: list[tuple[float, str]]) -> Iterator[_Fault]:
    first, second = shapely.STRtree(layer.shapes).query(layer.shapes, predicate="intersects")
    for a, b in sorted(zip(first, second, strict=True)):
        if a >= b:
            continue
        common: shapely.Geometry = layer.shapes[a].intersection(layer.shapes[b], grid_size=GRID_M)
        pair = f"{layer.names[a]}与{layer.names[b]}"
        wide = _wide(common, pair, slivers)
        if not wide:
            continue
        area = sum(part.area for part in wide)
        less, more = sorted((layer.shapes[at].area, at) for at in (a, b))
        kind = TWICE if area >= SAME * more[0] else OVERLAP
        said = "的边界是同一个图形，重合" if kind == TWICE else "的边界重叠"
        share = f"占{layer.names[less[1]]}的{area / less[0]:.1%}"
        message = f"{pair}{said}{_square(area)}，{share}。"
        yield _Fault(kind, layer.table, str(layer.codes[a]), area, message)


def _gaps(layer: _Layer, above: _Layer, slivers: list[tuple[float, str]]) -> Iterator[_Fault]:
    tree = shapely.STRtree(layer.shapes)
    covered = shapely.union_all(layer.shapes, grid_size=GRID_M)
    for code, name, shape in zip(above.codes, above.names, above.shapes, strict=True):
        if code not in layer.parents:
            continue  # a street without communities on the map has no gap: it has none
        wide = _wide(shapely.difference(shape, covered, grid_size=GRID_M), f"{name}内", slivers)
        if not wide:
            continue
        largest = max(wide, key=lambda part: part.area)
        near = tree.query(largest, predicate="dwithin", distance=NEAR_M)
        places = f"{len(wide)}处，" if len(wide) > 1 else ""
        beside = f"，{'最大的一处' if len(wide) > 1 else ''}挨着{layer.named(near)}"
        area = sum(part.area for part in wide)
        message = (
            f"{name}里有{places}{_square(area)}不属于任何{layer.word}"
            f"{beside if len(near) else ''}。"
        )
        yield _Fault(GAP, above.table, str(code), area, message)


def _outside(layer: _Layer, above: _Layer, slivers: list[tuple[float, str]]) -> Iterator[_Fault]:
    of = {code: at for at, code in enumerate(above.codes)}
    tree = shapely.STRtree(above.shapes)
    for at, parent in enumerate(layer.parents):
        if parent not in of:
            continue
        beyond = shapely.difference(layer.shapes[at], above.shapes[of[parent]], grid_size=GRID_M)
        wide = _wide(beyond, f"{layer.names[at]}边缘", slivers)
        if not wide:
            continue
        area = sum(part.area for part in wide)
        out = shapely.union_all(wide, grid_size=GRID_M)
        others = tree.query(out, predicate="intersects")
        into = (
            shapely.area(shapely.intersection(above.shapes[others], out, grid_size=GRID_M))
            >= LEAST_M2
        )
        where = f"，伸入{above.named(others[into])}" if into.any() else ""
        message = (
            f"{layer.names[at]}有{_square(area)}（{area / layer.shapes[at].area:.1%}）"
            f"在所属的{above.names[of[parent]]}以外{where}。"
        )
        yield _Fault(OUTSIDE, layer.table, str(layer.codes[at]), area, message)


def _wide(
    shape: shapely.Geometry, where: str, slivers: list[tuple[float, str]]
) -> list[shapely.Geometry]:
    """The parts that are wide and large enough to be told; put the narrow ones to the slivers."""
    wide = []
    for part in shapely.get_parts(shape):
        if part.area < DUST_M2:
            continue
        if part.area >= LEAST_M2 and not part.buffer(-WIDE_M / 2).is_empty:
            wide.append(part)
        else:
            slivers.append((part.area, where))
    return wide


def _slivers(layer: _Layer, slivers: list[tuple[float, str]]) -> Iterator[_Fault]:
    total = sum(area for area, _ in slivers)
    if total < LEAST_M2:
        return
    area, where = max(slivers)
    message = (
        f"{layer.word}边界有{len(slivers):,}处细缝、细叠或零星碎块，共{_square(total)}；"
        f"最大的一处在{where}，{_square(area)}。"
    )
    yield _Fault(SLIVER, layer.table, str(layer.codes[0]), total, message)


def _capped(faults: list[_Fault]) -> Iterator[_Fault]:
    """The largest of each kind and layer, and the rest as one."""
    groups: dict[tuple[str, str], list[_Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.kind, fault.table), []).append(fault)
    for (kind, table), group in groups.items():
        group.sort(key=lambda fault: (-fault.area_m2, fault.code))
        yield from group[:TOLD]
        if rest := group[TOLD:]:
            area = sum(fault.area_m2 for fault in rest)
            message = f"{words.ENTITIES[table]}的{kind}另有{len(rest):,}处，共{_square(area)}。"
            yield _Fault(kind, table, rest[0].code, rest[0].area_m2, message)


def _square(area_m2: float) -> str:
    return f"{area_m2:,.0f}平方米"
