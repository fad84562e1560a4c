"""`init`: the folder of ledgers of a district that starts from its own maps."""

import datetime as dt
from pathlib import Path

from chunshui import clock, paths
from chunshui.cli.parser import Commands
from chunshui.errors import ChunshuiError
from chunshui.ledgers.contracts import ALL
from chunshui.warehouse import durable

TEMPLATES = "模板"
YEARS = 5  # more than the months that pages show


def register(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add("init", "新建一个区：由区界、街道两份图做出名录和全部空白台账", init)
    parser.epilog = (
        "图可以是 GeoJSON、GeoPackage 或 Shapefile 压缩包，街道要有九位代码和名称。"
        "每个区用一个数据文件夹（CHUNSHUI_DATA）。怎样填、怎样发布，见 docs/手册/新区.md。"
    )
    add = parser.add_argument
    add("code", metavar="区代码", help="六位区划代码，如 420105")
    add("--outline", type=Path, required=True, metavar="区界图", help="含有本区的面图层")
    add("--streets", type=Path, required=True, metavar="街道图", help="本区各街道的面图层")
    add(
        "--communities",
        type=Path,
        metavar="社区图",
        help="各社区的面图层，十二位代码；可以以后再报",
    )
    add("--name", default="", metavar="区名", help="区界图里没有写区名时用")
    add("--since", metavar="日期", help=f"名录自何日起有效，如 2020-01-01；默认{YEARS}年前的元旦")
    add("--to", type=Path, metavar="文件夹", help="写到哪里，默认数据文件夹")


def init(
    code: str,
    outline: Path,
    streets: Path,
    communities: Path | None,
    name: str,
    since: str | None,
    to: Path | None,
) -> None:
    """Write the ledgers of a new district into a folder that is new or empty, and say what to do next."""
    from chunshui.demo import days
    from chunshui.ledgers.out.write import write
    from chunshui.pipeline import district

    to = to or paths.data_dir()
    ledgers, templates = to / paths.ledgers_dir().name, to / TEMPLATES
    for one in (ledgers, templates):
        if one.exists() and (not one.is_dir() or any(one.iterdir())):
            raise ChunshuiError(f"{one} 里已有文件，为免覆盖，没有写入。请用 --to 换一个文件夹。")
    found = district.read_district(
        code, outline, streets, communities, name=name, since=_day(since)
    )
    with durable.folder(templates) as fresh:
        district.write_templates(found, fresh)
    with durable.folder(ledgers) as fresh:
        district.write_registers(found, fresh)
        plan = {f"{ALL['workday'].name}.csv": ["workday"]}  # the same in all the country
        write({"workday": days.announced()}, fresh, demonstration=False, plan=plan)
    for note in found.notes:
        print(f"· {note}")
    places = "、".join(f"{len(rows)}个{word}" for word, rows in _counted(found.tables).items())
    print(f"{found.name}（{code}）：{places}。名录已写入 {ledgers}，空白台账在 {templates}")
    if communities is None:
        print(f"还缺{ALL['community'].name}（面图层，十二位代码），没有它不能发布。")
    print(
        f"接下来：把填好的台账放进 {ledgers}，没有填的不要放；再用 check {ledgers} 检查，publish {ledgers} 发布。"
    )


def _counted(tables: dict) -> dict:
    return {
        word: tables[one]
        for one, word in (("street", "街道"), ("community", "社区"))
        if one in tables
    }


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.date(clock.now().year - YEARS, 1, 1)
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ChunshuiError(f"“{text}”不是日期。请写成 2020-01-01 的样子。") from error
