"""Street files of any kind read as a walking network."""

from pathlib import Path

from chunshui.circles.lines import read_lines
from chunshui.circles.network import Network
from chunshui.circles.osm import read_osm
from chunshui.errors import ChunshuiError


def read_streets(path: Path | str, *, layer: str | None = None) -> Network:
    """Read a network file: `.osm.pbf`, or lines in `.geojson`, `.json` or `.gpkg`.

    Args:
        path: The file.
        layer: Layer of a GeoPackage; the only one when left out.

    Raises:
        ChunshuiError: No such file, another kind of file, unreadable, or not in usable
            coordinates.
    """
    path = Path(path)
    if not path.is_file():
        raise ChunshuiError(f"找不到步行路网文件 {path.name}。请检查文件位置。")
    name = path.name.lower()
    if name.endswith((".pbf", ".osm")):
        return read_osm(path)
    if name.endswith((".geojson", ".json", ".gpkg")):
        return read_lines(path, layer=layer)
    raise ChunshuiError(
        f"步行路网文件 {path.name} 的格式不受支持。请提供 .osm.pbf、.geojson 或 .gpkg 文件。"
    )
