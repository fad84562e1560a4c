"""From ledgers to a published version: the one way data gets in.

read the ledgers (in a child with limits) → add the ledgers that were not given again, as they are
in the version now served → create the tables → put the rows in, parents first → derive what no ledger
states → run the quality rules → run every metric for every month → publish.
"""

from chunshui.pipeline.intake import FROM_LEDGERS, IntakeReport, examine
from chunshui.pipeline.options import IntakeOptions
from chunshui.pipeline.verification import verify
from chunshui.pipeline.version import build, rebuild

__all__ = ["FROM_LEDGERS", "IntakeOptions", "IntakeReport", "build", "examine", "rebuild", "verify"]
