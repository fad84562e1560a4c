"""The contracts of all ledgers, one module per room."""

from chunshui.ledgers.contracts import (
    governance,
    organisation,
    places,
    programmes,
    published,
    renewal,
    stations,
    walking,
)
from chunshui.ledgers.contracts.contract import Ledger

ROOMS = {
    "地点": places.LEDGERS,
    "组织": organisation.LEDGERS,
    "阵地": stations.LEDGERS,
    "民情": governance.LEDGERS,
    "更新与资金": renewal.LEDGERS + programmes.LEDGERS,
    "步行网络": walking.LEDGERS,
    "公开数据": published.LEDGERS,
}

# In this order a ledger comes after every ledger it refers to.
ALL: dict[str, Ledger] = {ledger.id: ledger for room in ROOMS.values() for ledger in room}
