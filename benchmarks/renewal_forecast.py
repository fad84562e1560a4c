"""Back-test the completion forecast on the version in use: `python -m benchmarks.renewal_forecast`."""

import sys

import pandas as pd

from chunshui import paths
from chunshui.catalogue.metric import get_metric
from chunshui.errors import ChunshuiError
from chunshui.renewal import forecast, totals, wording
from chunshui.warehouse import Reader, Store

DISTANCES = [(1, 3), (4, 6), (7, 12), (13, 24), (25, 36), (1, 36)]


def report(reader: Reader) -> str:
    """Return the back-tests of a version in Chinese: of projects by stage, of totals by distance."""
    ends = list(reader.query("catalogue/months")["month"] + pd.offsets.MonthEnd(0))
    stages = reader.query("views/renewal_stages", as_of=max(ends).date())
    steps = reader.query("views/renewal_steps")
    finish = int(steps.loc[steps["milestone"] == "完工", "step"].iloc[0])
    judged = forecast.back_test(stages, finish, ends)
    lines = [
        "| 预测时所在阶段 | 预测次数 | 项目 | 落在区间内 | 更早 | 更晚 | 区间宽（天） | 误差（天） |",
        "|:--|--:|--:|--:|--:|--:|--:|--:|",
    ]
    names = dict(zip(steps["step"], steps["stage"], strict=True))
    parts = [(names[step], own) for step, own in judged.groupby("step")]
    for name, own in [*parts, ("合计", judged)]:
        rate = forecast.hit_rate(own)
        lines.append(
            f"| {name} | {rate['forecasts']:,} | {rate['projects']} | {rate['hit']:.1%} "
            f"| {rate['early']:.1%} | {rate['late']:.1%} "
            f"| {rate['width_days']:.0f} | {rate['error_days']:.0f} |"
        )
    rate = forecast.hit_rate(judged)
    lines += ["", wording.hits_sentence(rate) + wording.hits_help(rate), ""]
    limits = get_metric("renovation_stalled").variant().params
    projects = reader.query("views/renewal_projects", as_of=max(ends).date(), **limits)
    households = projects.set_index("project_id")["households"]
    foreseen = totals.back_test(stages, finish, ends, households)
    months = foreseen["month"].dt.to_period("M").astype("int64")
    months -= foreseen["made_on"].dt.to_period("M").astype("int64")
    lines += [
        "| 预测几个月之后的合计 | 次数 | 落在区间内 | 更少 | 更多 | 连同没有预测的 |",
        "|:--|--:|--:|--:|--:|--:|",
    ]
    for low, high in DISTANCES:
        rate = totals.hit_rate(foreseen[months.between(low, high)])
        name = f"{low}–{high}" if (low, high) != DISTANCES[-1] else "合计"
        lines.append(
            f"| {name} | {rate['totals']:,} | {rate['hit']:.1%} | {rate['below']:.1%} "
            f"| {rate['above']:.1%} | {rate['hit_in_all']:.1%} |"
        )
    rate = totals.hit_rate(foreseen)
    return "\n".join([*lines, "", wording.totals_sentence(rate) + wording.totals_help(rate)])


def main() -> None:
    """Print the report of the version in use."""
    try:
        with Store(paths.versions_dir()).open() as reader:
            print(report(reader))
    except ChunshuiError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
