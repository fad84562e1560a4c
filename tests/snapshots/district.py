"""A small made-up district frozen by hand, for tests that need no database."""

import random

from chunshui.snapshots import model as s

MONTHS = tuple(f"{2023 + (10 + k) // 12}-{(10 + k) % 12 + 1:02d}" for k in range(36))
STREETS = [
    "古田",
    "韩家墩",
    "宗关",
    "汉水桥",
    "宝丰",
    "荣华",
    "汉中",
    "汉正",
    "六角亭",
    "长丰",
    "易家",
]

DEFINITIONS = (
    s.Definition(
        "leader_rate", "网格长配备率", "网格长配备", "治 共治", "%", "ratio", "一行一个网格",
        "有网格长在岗的网格", "个", "在用网格", "个", "up", 90, "≥ 90.0%", "时点", "月",
        "本系统自定", "本系统自定", "“一长六员”岗位名称未见公开文件。", "queries/metrics/leader_rate.sql",
    ),
    s.Definition(
        "works_paid", "旧改累计支付", "旧改支付", "智 更新", "元", "total", "一行一笔资金",
        "累计支付金额", "元", None, None, "none", None, "", "累计", "月",
        "旧改资金台账", "本系统自定", "口径为支付数，不是计划数。", "queries/metrics/works_paid.sql",
    ),
    s.Definition(
        "open_overdue", "逾期未办结民情", "逾期未办结", "治 共治", "项", "total", "一行一件民情",
        "过期未办结的民情", "项", None, None, "down", 0, "≤ 0项", "时点", "周",
        "民情台账", "本系统自定", "", "queries/metrics/open_overdue.sql",
    ),
)  # fmt: skip


def make(
    streets: int = 3,
    each: int = 4,
    months: int = 12,
    *,
    seed: int = 7,
    title: str = "硚口区基层治理月拉练",
    name: str = "",
    sections: tuple[s.Section, ...] | None = None,
    nature: str = "演示",
    members: int = 6,
    points: int = 5,
) -> s.Snapshot:
    """Freeze a district of `streets` × `each` square communities.

    `name` replaces the name of the first community, to try what users may type.
    """
    dice = random.Random(seed)
    places, shapes, outlines = [], [], []
    for i in range(streets):
        street = f"{STREETS[i % 11]}街道"
        x0, y0 = 2000 * (i % 4), 2400 * (i // 4)
        outlines.append(_square(f"420104{i + 1:03d}", street, street, x0, y0, 2000, 2000))
        for j in range(each):
            code = f"420104{i + 1:03d}{j + 1:03d}"
            community = name if name and not places else f"{STREETS[i % 11]}{j + 1}社区"
            across = max(int(each**0.5), 1)
            size = 2000 // across
            x, y = x0 + size * (j % across), y0 + size * (j // across)
            shapes.append(_square(code, community, street, x, y, size, size))
            places.append(s.Place(code, street, community))
    of_community = {
        "leader_rate": [(dice.randint(5, 14), 15) for _ in places],
        "works_paid": [(dice.randint(10**6, 9 * 10**7), None) for _ in places],
        "open_overdue": [(dice.randint(0, 4), None) for _ in places],
    }
    communities = s.Matrix("社区", tuple(places), _columns(of_community))
    at = [s.Place(shape.code, shape.street) for shape in outlines]
    of_street = {
        metric: [
            _add(pairs[k * each : (k + 1) * each]) for k in range(streets)
        ]
        for metric, pairs in of_community.items()
    }  # fmt: skip
    whole = {metric: _add(pairs) for metric, pairs in of_community.items()}
    scope = s.Place(None, "全区")
    figure = {
        metric: _figure(metric, scope, *pair, change="较上月上升0.4个百分点")
        for metric, pair in whole.items()
    }
    rank = sorted(
        (_figure("leader_rate", p, *n) for p, n in zip(at, of_street["leader_rate"], strict=True)),
        key=lambda f: -f.value,
    )
    low = sorted(
        (_figure("leader_rate", p, *n) for p, n in zip(places, of_community["leader_rate"],
         strict=True)), key=lambda f: -f.value,
    )  # fmt: skip
    bands = tuple(
        _figure("leader_rate", p, *n, band=min(int((n[0] - 5) // 2), 4))
        for p, n in zip(places, of_community["leader_rate"], strict=True)
    )
    value = figure["leader_rate"].value
    trend = [round(value - 0.8 * k + dice.random(), 2) for k in range(months)][::-1]
    paid = [round(whole["works_paid"][0] * (k + 1) / months) for k in range(months)]
    marks = tuple(
        s.Point("党群服务阵地", f"阵地{k}", dice.randint(0, 2000 * min(streets, 4)), 100 + 61 * k)
        for k in range(points)
    )
    if sections is None:
        sections = (
            s.Figures("3项指标中1项未达标：网格长配备率", "本月核心指标", tuple(figure.values())),
            s.Map(
                f"{len(places)}个社区中{sum(f.status == '未达标' for f in bands)}个网格长配备率低于目标",
                "网格长配备率 · 各社区", "leader_rate", "社区",
                ("50%以下", "50–60%", "60–75%", "75–90%", "90%及以上"), bands, marks,
            ),
            s.Ranking(
                f"网格长配备率{rank[-1].place.name}最低（{rank[-1].shown}），全区{rank[-1].shown}",
                "网格长配备率 · 各街道", "leader_rate", "街道", figure["leader_rate"], tuple(rank),
                comment="请未达标街道于下次拉练前补齐网格长。",
            ),
            s.Ranking(
                "社区之间相差较大", "网格长配备率 · 各社区", "leader_rate", "社区",
                figure["leader_rate"], tuple(low),
            ),
            s.Trend(
                f"网格长配备率一年来由{trend[0]:.1f}%升至{trend[-1]:.1f}%",
                f"网格长配备率 · 近{months}个月", "leader_rate", MONTHS[-months:],
                (s.Series("全区", tuple(trend), (None,) * months, (None,) * months,
                          f"{trend[-1]:.1f}%"),),
            ),
            s.Trend(
                "旧改累计支付逐月增加", "旧改累计支付", "works_paid", MONTHS[-months:],
                (s.Series("全区", tuple(paid), tuple(paid), (None,) * months,
                          f"{paid[-1] / 1e8:.1f}亿元"),),
            ),
            s.Table(
                "3个网格没有网格长", "缺网格长的网格",
                (s.Column("网格"), s.Column("街道"), s.Column("户数", "number", "户"),
                 s.Column("新设", "yesno")),
                tuple((f"第{k}网格", "古田街道", 300 + k, k % 2 == 0) for k in range(20)), 37,
            ),
            s.Claims(
                "2项公开数字：1项一致、1项不一致", "公开数字与系统计算",
                (
                    s.Claim("C01", "街道大工委数", "全区11个街道大工委", "11个", "11个", "一致", ""),
                    s.Claim("C15", "老旧小区改造惠及居民", "惠及居民53万人", "53万人", "51.2万人",
                            "不一致", "公开数字未说明是人数还是人次。"),
                ),
            ),
            s.Attention(
                "2件事需要关注", "本月关注事项",
                (
                    s.Item("警告", "汉水桥街道民情超期增多", "超期12件，比上月多5件。", "/opinions?metric=民 情"),
                    s.Item("提示", "营北片区旧改停滞90天", "招标阶段超过计划日期。"),
                ), 2,
            ),
        )  # fmt: skip
    things = tuple(
        s.Member(f"W{k}", f"第{k}网格", "古田街道", places[k % len(places)].community, k % 3 > 0,
                 int(k % 3 > 0), 1, "网格.xlsx", "网格台账", k + 3)
        for k in range(members)
    )  # fmt: skip
    return s.Snapshot(
        title=title,
        unit="硚口区委组织部",
        meeting_date="2026-11-02",
        template="月拉练",
        data_version="v000003",
        nature=nature,
        as_of=MONTHS[-1],
        as_of_words="2026年10月",
        scope=f"全区{streets}个街道",
        filters=(("范围", f"全区{streets}个街道"), ("统计截至", "2026年10月")),
        sources=("网格台账", "民情台账", "旧改资金台账"),
        sections=sections,
        definitions=DEFINITIONS,
        streets=s.Matrix("街道", tuple(at), _columns(of_street)),
        communities=communities,
        members=(s.Members("leader_rate", things, members * 2),),
        basemap=s.Basemap(
            tuple(shapes),
            tuple(outlines),
            (
                s.Line("汉江", "河流", False, ((0, 150, 3000, 250, 5800, 120),)),
                s.Line("京广铁路", "铁路", False, ((900, 0, 1200, 1900),)),
            ),
            "边界为示意，不是审定地图。",
        ),
    )


def _add(pairs: list) -> tuple:
    numerator = sum(n for n, _ in pairs)
    return numerator, None if pairs[0][1] is None else sum(d for _, d in pairs)


def _value(metric: str, numerator, denominator):
    return s.number(numerator if denominator is None else 100 * numerator / denominator)


def _words(metric: str, value) -> str:
    unit = next(d.unit for d in DEFINITIONS if d.metric == metric)
    if unit == "%":
        return f"{value:.1f}%"
    return f"{value / 1e8:.1f}亿元" if unit == "元" else f"{value:,}{unit}"


def _status(metric: str, value) -> str:
    if metric == "works_paid":
        return "无目标"
    if metric == "open_overdue":
        return "达标" if value <= 0 else "未达标"
    return "达标" if value >= 90 else "接近" if value >= 80 else "未达标"


def _figure(metric: str, place, numerator, denominator, band=None, change="") -> s.Figure:
    value = _value(metric, numerator, denominator)
    counted = f"{numerator:,}" + (f"/{denominator:,}个" if denominator else "")
    return s.Figure(
        metric, place, value, _words(metric, value), numerator, denominator, counted,
        _status(metric, value), band, change,
    )  # fmt: skip


def _columns(table: dict) -> tuple[s.MatrixColumn, ...]:
    out = []
    for metric, pairs in table.items():
        values = tuple(_value(metric, *pair) for pair in pairs)
        out.append(
            s.MatrixColumn(
                metric, values, tuple(n for n, _ in pairs), tuple(d for _, d in pairs),
                tuple(_status(metric, v) for v in values),
            )
        )  # fmt: skip
    return tuple(out)


def _square(code, name, street, x, y, w, h) -> s.Shape:
    ring = (x, y, x + w, y, x + w, y + h, x, y + h, x, y)
    return s.Shape(code, name, street, (ring,), x + w // 2, y + h // 2)
