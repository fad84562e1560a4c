"""`network`: a street file turned into the ledgers 步行节点 and 步行路段."""

from pathlib import Path

from chunshui.cli import terminal
from chunshui.cli.parser import Commands
from chunshui.errors import ChunshuiError
from chunshui.warehouse import durable

FOLDER = Path("步行路网")
SECONDS = 1800  # a province takes longer than a page may wait


def register(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add("network", "把路网文件做成步行节点、步行路段两本台账", network)
    parser.epilog = (
        "路网文件是 OpenStreetMap 的 .osm.pbf，或 GeoJSON、GeoPackage、Shapefile 压缩包里的线图层。"
        "做好的台账用 check、publish 检查和发布，没有再报的台账沿用现用版本里的。"
    )
    parser.add_argument("file", type=Path, metavar="路网文件")
    add = parser.add_argument
    add("--outline", type=Path, metavar="范围文件",
        help="按哪个范围裁剪：行政区界、社区名录或任何面图层；默认现用版本各社区的范围")  # fmt: skip
    add("--margin", type=float, default=1500.0, metavar="米", help="范围之外再留多宽，默认1500")
    add("--to", type=Path, default=FOLDER, metavar="文件夹", help=f"写到哪里，默认{FOLDER}")


def network(file: Path, outline: Path | None, margin: float, to: Path) -> None:
    """Write the two ledgers into a folder that is new or empty, and print the report."""
    from chunshui.pipeline import streets

    for path in (file, outline):
        if path is not None and not path.is_file():
            raise ChunshuiError(f"找不到文件 {path}。请检查路径。")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise ChunshuiError(f"{to}里已有文件，为免覆盖，没有写入。请用 --to 换一个文件夹。")
    with durable.folder(to) as fresh:
        made = streets.street_ledgers(
            [(file, file.name)],
            fresh,
            outline=outline,
            store=terminal.store(),
            margin_m=margin,
            seconds=SECONDS,
        )
        if made is None:
            raise ChunshuiError(
                f"{file.name} 里没有路网。请给出 .osm.pbf 文件，或含有线图层的 "
                "GeoJSON、GeoPackage、Shapefile 压缩包；文件名里不要写台账名。"
            )
    for line in made.report:
        print(f"· {line}")
    print(f"已写入{to}：{'、'.join(path.name for path, _ in made.files)}。")
