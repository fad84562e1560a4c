"""What comes back of matters that meetings handed out, held against the lists as they were frozen."""

import datetime as dt
from collections.abc import Mapping

from chunshui.ledgers.checks import LedgerChecks
from chunshui.words import WARNING


def hold_against(checks: LedgerChecks, issued: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse rows that their snapshot did not hand out or that are due on another day than it says.

    `issued` has by the id of each snapshot in the archive the ids of its matters and the days they are due. A
    snapshot that is not there (frozen elsewhere) must be confirmed; rows without one are of other meetings.
    """
    columns = [checks.column(key) for key in ("snapshot_id", "assignment_id", "due_on")]
    asked = set()
    for index, (snapshot, item, due) in enumerate(zip(*columns, strict=True)):
        if snapshot is None or item is None:
            continue
        batch, at = checks.where[index]
        if snapshot not in issued:
            if snapshot not in asked and not batch.wrong[at]:
                what = f"档案里没有快照“{snapshot}”，无法核对交办编号"
                mend = "请核对快照编号；在别的电脑上冻结的，请在发布时确认"
                batch.add(WARNING, what, mend, at, "snapshot_id", asks=True, to=checks.issues)
            asked.add(snapshot)
        elif item not in issued[snapshot]:
            what = f"快照{snapshot}的交办单里没有“{item}”"
            checks.refuse(
                index, "assignment_id", what, "请照原交办单上的编号填；自行增加的请删去此行"
            )
        elif due is not None and due != (day := dt.date.fromisoformat(issued[snapshot][item])):
            what = f"应完成日期与交办单不符，交办单上是{day}"
            checks.refuse(index, "due_on", what, "请改回原日期；要延期的请在会上重新交办")
