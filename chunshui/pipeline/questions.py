"""What must be confirmed of findings of the rules before ledgers are published."""

import pandas as pd

from chunshui.circles import boundaries
from chunshui.ledgers.contracts import ALL as CONTRACTS
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.staged import Staged
from chunshui.warehouse import Store
from chunshui.words import ENTITIES, WARNING

LAYERS = ("district", "street", "community")
NAMED = 3  # findings told in a question; all of them are in the list


def boundary_questions(
    staged: Staged, findings: pd.DataFrame, store: Store | None, version: str | None
) -> list[Issue]:
    """Ask about overlaps, gaps and the like of size that the version below has not in just that way.

    One question for each kind and layer. Nothing is asked of boundaries that were not given again.
    """
    rows = boundaries.to_be_confirmed(findings)
    if rows.empty or all(layer in staged.kept for layer in LAYERS):
        return []
    if store is not None and version is not None:
        with store.open(version) as reader:
            confirmed = reader.query("warehouse/check_rows")["message"]
        rows = rows[~rows["message"].isin(confirmed)]
    files = staged.source_file
    files = files[~files["source_id"].isin(staged.carried)].set_index("ledger_id")["file_name"]
    questions = []
    for (kind, table), group in rows.groupby(["check_id", "entity_table"], sort=False):
        said = [message.rstrip("。") for message in group["message"]]
        more = f"（共{len(said)}条，都在检查结果里）" if len(said) > NAMED else ""
        what = f"{ENTITIES[table]}的{kind}确实如此吗：{'；'.join(said[:NAMED])}{more}？"
        given = [layer for layer in (table, *LAYERS[::-1]) if layer in files.index]
        file = files[[given[0]]].iloc[0] if given else CONTRACTS[table].name
        mend = "多是画错；确属水面、铁路等不划入，或边界确有争议的，核对后确认"
        questions.append(Issue(WARNING, file, what, mend, asks=True))
    return questions
