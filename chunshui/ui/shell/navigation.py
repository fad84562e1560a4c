"""The pages of the dashboard, section by section, and links from one to another."""

from dataclasses import dataclass
from pathlib import Path

from chunshui import paths
from chunshui.catalogue.metric import get_metric


@dataclass(frozen=True)
class Page:
    """A page: the name of its script, which is its address (the first page's is /), title and icon.

    `about` are the ledgers without any of which it has nothing to say.
    """

    name: str
    title: str
    icon: str
    about: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """The page's script."""
        return paths.ROOT / "pages" / f"{self.name}.py"


SHEET = "community"
SECTIONS = {
    "总览": (
        Page("overview", "一池春水", ":material/water:"),
        Page("attention", "需要关注", ":material/notification_important:"),
        Page(
            "week",
            "一周动态",
            ":material/calendar_view_week:",
            ("opinion", "grid_post", "challenge", "activity", "training"),
        ),
        Page(SHEET, "社区一页", ":material/article:"),
    ),
    "帜 引领": (
        Page(
            "organisation",
            "组织体系",
            ":material/account_tree:",
            ("party_committee", "party_branch"),
        ),
        Page("two_new", "两新党建", ":material/apartment:", ("two_new_org", "industry_committee")),
    ),
    "治 共治": (
        Page("opinions", "民情办理", ":material/forum:", ("opinion", "opinion_event")),
        Page("grids", "网格力量", ":material/grid_view:", ("grid_unit", "grid_post")),
        Page(
            "riders",
            "暖新融入",
            ":material/delivery_dining:",
            ("new_job_role", "meal_exchange", "survey_need"),
        ),
    ),
    "智 服务": (
        Page("circles", "十分钟圈", ":material/distance:", ("station",)),
        Page("coverage", "覆盖率", ":material/percent:"),
        Page(
            "renovation",
            "旧改进度",
            ":material/construction:",
            ("renovation_project", "elevator"),
        ),
        Page(
            "demo_sites",
            "四创示范",
            ":material/verified:",
            ("demo_site", "full_community_check"),
        ),
        Page("fund", "社区基金", ":material/savings:", ("fund_entry", "fund_project")),
    ),
    "会议": (
        Page("drill", "拉练赛马", ":material/equalizer:", ("board_metric",)),
        Page("snapshots", "会议快照", ":material/co_present:"),
    ),
    "数据": (
        Page("intake", "台账入库", ":material/upload_file:"),
        Page("quality", "数据质量", ":material/fact_check:"),
        Page("dictionary", "指标口径", ":material/menu_book:"),
        Page("versions", "版本", ":material/history:"),
    ),
    "帮助": (Page("manual", "使用手册", ":material/help:"),),
}
CITY = Page("city", "全市", ":material/location_city:")  # first where there is a city, else nowhere
PAGES = {page.name: page for pages in SECTIONS.values() for page in pages}
FIRST, FIRST_SECTION = "overview", next(iter(SECTIONS))
PLACELESS = ("intake", "versions", "manual")  # the same whatever street is chosen
OWN = ("intake", "versions", "snapshots")  # of the district that this server is of, and no other


def around(name: str) -> str:
    """Return the page on which to look at a place: this one if it shows places, else the first."""
    return FIRST if name in PLACELESS else name


def link(params: dict) -> dict:
    """Return a link's query parameters with the metric's id turned into its name."""
    if "metric" in params:
        return {**params, "metric": get_metric(params["metric"]).name}
    return params
