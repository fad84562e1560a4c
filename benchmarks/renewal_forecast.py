"""Back-test the completion forecast on the version in use: `python -m benchmarks.renewal_forecast`."""

import sys

import pandas as pd

from chunshui import paths
from chunshui.errors import ChunshuiError
from chunshui.renewal import forecast, wording
from chunshui.warehouse import Reader, Store


def report(reader: Reader) -> str:
    """Return the back-test of a version as a Markdown table, by stage and in all, in Chinese."""
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
    return "\n".join([*lines, "", wording.hits(forecast.hit_rate(judged))])


def main() -> None:
    """Print the report of the version in use."""
    try:
        with Store(paths.versions_dir()).open() as reader:
            print(report(reader))
    except ChunshuiError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
