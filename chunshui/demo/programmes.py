"""What stands around the renovation ledgers: stages, the four-fold checklist, fund projects."""

import pandas as pd

MILESTONES = {"开工": "开工", "完工": "完工", "验收": "验收"}


def build(stages: list[str]) -> dict[str, pd.DataFrame]:
    """Table name → frame for the ledgers of the programmes."""
    return {"renovation_step": _steps(stages)}


def _steps(stages: list[str]) -> pd.DataFrame:
    """The stages of a project, in order."""
    return pd.DataFrame(
        {
            "stage": stages,
            "position": range(1, len(stages) + 1),
            "milestone": [MILESTONES.get(stage) for stage in stages],
        }
    )
