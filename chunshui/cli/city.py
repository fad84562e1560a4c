"""`city`: build the districts of a city, pin them in an edition, compare editions."""

from pathlib import Path
from typing import TYPE_CHECKING

from chunshui import paths, words
from chunshui.cli import terminal
from chunshui.cli.parser import Commands, Parser
from chunshui.errors import ChunshuiError

if TYPE_CHECKING:
    from chunshui.city.edition import City, CityEdition
    from chunshui.city.laying import Laid

WHERE = (
    "城市文件夹里有 districts/区代码/，各是一个区的数据文件夹；各区的台账放在其中的 ledgers 里，"
    "与 publish 所用的相同。环境变量 CHUNSHUI_CITY 可以代替写文件夹。"
)


def register(commands: Commands) -> None:
    """Add the commands."""
    inner = commands.add("city", "把几个区汇总成全市：建库、发布、回退、比较").commands()
    parser = inner.add("build", "把各区的台账建成版本，不改各区正在使用的版本", build)
    parser.epilog = WHERE + "没有变的区不重建；中断后再运行一次即可。"
    parser.add_argument("folder", type=Path, nargs="?", metavar="城市文件夹")
    add = parser.add_argument
    add(
        "--workers",
        type=int,
        default=1,
        metavar="个数",
        help="本机同时建几个区，每个约占 1 GB 内存",
    )
    add(
        "--scheduler",
        metavar="地址",
        help="用 Dask 集群建，如 tcp://10.0.0.5:8786；各机器要看到同一个文件夹",
    )
    add("--demonstration", action="store_true", help="作为演示数据试用")
    add("--confirm", dest="confirmed", action="store_true", help="各区需要确认的地方都已核对")
    _city(inner.add("status", "列出各区报到哪一步、口径是否相同，以及各期全市汇总", status))
    parser = _city(inner.add("publish", "把各区现在的版本定成一期全市汇总", publish))
    parser.epilog = "迟报的区不排名、不计入全市，除非写 --carry 沿用它最后一个月的数。"
    add = parser.add_argument
    add("--label", required=True, metavar="名称", help="如 2026年10月")
    add("--month", metavar="月份", help="全市统计到哪个月，如2026-10；默认报得最晚的那个月")
    for option, who in (("without", "不列入的区"), ("carry", "迟报、沿用最后一个月的区")):
        add(f"--{option}", action="append", default=[], metavar="区代码", help=f"{who}；可写多次")
    parser = _city(inner.add("undo", "回退到上一期全市汇总，或指定的一期", undo))
    parser.add_argument("edition", nargs="?", metavar="编号")
    parser = _city(inner.add("compare", "比较两期全市汇总", compare))
    parser.add_argument("a", metavar="编号")
    parser.add_argument("b", metavar="编号")


def build(
    folder: Path | None,
    workers: int,
    scheduler: str | None,
    demonstration: bool,
    confirmed: bool,
) -> None:
    """Lay a version of every district ready."""
    from chunshui.city import laying
    from chunshui.pipeline import IntakeOptions

    if workers < 1:
        raise ChunshuiError("--workers 至少写1。")
    options = IntakeOptions(demonstration=demonstration, confirmed=confirmed)
    laid = laying.build(
        _opened(folder), workers=workers, scheduler=scheduler, options=options, told=_tell
    )
    if failed := [one.district for one in laid if one.fault]:
        raise ChunshuiError(
            f"{len(failed)}个区没有建成（{'、'.join(failed)}），其余{len(laid) - len(failed)}个已建成。"
            "请按上面的话改正后再运行一次。"
        )
    print("各区都已建成。定成一期全市汇总请用 python -m chunshui city publish。")


def status(folder: Path | None) -> None:
    """List districts and editions."""
    from chunshui.city.edition import Pinned
    from chunshui.errors import NothingPublishedError

    city = _opened(folder)
    shown = None
    try:
        shown = city.current()
    except NothingPublishedError:
        print("还没有发布过全市汇总。")
    except ChunshuiError as error:
        print(f"注意：{error}")
    pinned = {one.district: one for one in shown.districts} if shown else {}
    reports = city.reports(listing=True)
    last = max((one.as_of for one in reports.values() if one.as_of), default="")
    for code, one in reports.items():
        if isinstance(one, Pinned):
            state = one.state + (f"：{one.why}" if one.why else "")
        else:
            state = "到齐" if one.as_of == last else "迟报"
            state += f"  {one.version}  {one.nature}  截至{one.as_of}"
        own = pinned.get(code)
        print(
            f"{code}  {one.name}  {state}" + (f"  汇总里{own.version or own.state}" if own else "")
        )
    if shown:
        _describe(shown)
    print("\n各期全市汇总：")
    for edition in city.editions():
        mark = "使用中" if shown and edition.id == shown.id else ""
        print(f"{edition.id}  {edition.label}  {edition.nature}  截至{edition.as_of}  {mark}")


def publish(
    folder: Path | None, label: str, month: str | None, without: list[str], carry: list[str]
) -> None:
    """Pin the districts' versions and show that."""
    edition = _opened(folder).publish(
        label=label, by=terminal.user(), without=without, carry=carry, month=month
    )
    _describe(edition)
    print(f"已发布全市汇总{edition.id}（{edition.label}）。")


def undo(folder: Path | None, edition: str | None) -> None:
    """Move the pointer back."""
    found = _opened(folder).undo(edition, by=terminal.user())
    print(f"已回退，现用全市汇总{found.id}（{found.label}）。")


def compare(folder: Path | None, a: str, b: str) -> None:
    """Print what differs between two editions: districts, then the city's figures."""
    from chunshui.catalogue.metric import all_metrics
    from chunshui.city.comparison import totals

    city = _opened(folder)
    first, second = city.edition(a), city.edition(b)
    own, others = ({one.district: one for one in each.districts} for each in (first, second))
    told = []
    for code in sorted(own | others):
        lines = [
            f"{one.name} {one.state} {one.version or ''} {one.as_of or ''}".strip()
            if one
            else "没有这个区"
            for one in (own.get(code), others.get(code))
        ]
        same = code in own and code in others and own[code].figures == others[code].figures
        if lines[0] != lines[1] or not same:
            told.append(f"{code}  {lines[0]} → {lines[1]}")
    print(f"{first.id}（{first.label}） → {second.id}（{second.label}）", *told, sep="\n")
    month = min(first.as_of, second.as_of)
    metrics = [one for one in all_metrics().values() if one.kind != "quantile"]
    ids = [metric.id for metric in metrics]
    sides = [totals(each, ids, "base", month) for each in (first, second)]
    changed = []
    for metric in metrics:
        texts = [f"{one[metric.id].figure.text}（{one[metric.id].sentence}）" for one in sides]
        if texts[0] != texts[1]:
            changed.append(f"  {metric.name}：{' → '.join(texts)}")
    print(f"\n{month}的全市指标：", *changed, sep="\n") if changed else print("全市指标没有差别。")


def _city(parser: Parser) -> Parser:
    parser.add_argument(
        "--folder", type=Path, metavar="城市文件夹", help="默认 CHUNSHUI_CITY 所写的"
    )
    return parser


def _opened(folder: Path | None) -> "City":
    from chunshui.city.edition import City

    folder = folder or paths.city_dir()
    if folder is None:
        raise ChunshuiError(f"还缺城市文件夹。{WHERE}")
    if not folder.is_dir():
        raise ChunshuiError(f"没有文件夹 {folder}。请检查路径。{WHERE}")
    return City(folder)


def _tell(one: "Laid") -> None:
    if one.fault:
        print(f"{one.district}  没有建成：{one.fault}", flush=True)
    else:
        how = "没有变，沿用已建成的" if one.again else f"{one.seconds:.1f}秒，内存{one.peak_mib}MB"
        print(f"{one.district}  {one.version}  {how}", flush=True)


def _describe(edition: "CityEdition") -> None:
    """Print who is counted in an edition, and whose rules differ."""
    from chunshui.catalogue.metric import all_metrics
    from chunshui.city.comparison import set_apart

    counted = [one for one in edition.districts if one.counted]
    print(
        f"\n{edition.id}（{edition.label}）截至{edition.as_of}，计入{len(counted)}/{len(edition.districts)}个区。"
    )
    for one in edition.districts:
        if one.carried:
            print(f"· {one.name}{one.state}，沿用{one.as_of}的数。")
        elif not one.counted:
            print(
                f"· {one.name}{one.state}"
                + (f"（只报到{one.as_of}）" if one.as_of else "")
                + "，不计入。"
            )
    for note in (*edition.notes, *edition.faults().values()):
        print(f"· {note}")
    apart: dict[tuple[str, str], list[str]] = {}
    for (metric_id, _), districts in set_apart(edition).items():
        name = all_metrics()[metric_id].name if metric_id in all_metrics() else metric_id
        for code, parts in districts.items():
            names = apart.setdefault((code, "、".join(parts)), [])
            if name not in names:
                names.append(name)
    for (code, differing), names in apart.items():
        print(
            f"· {edition.district(code).name}的{differing}不同，不参与排名：{words.joined(names, measure='项')}。"
        )
