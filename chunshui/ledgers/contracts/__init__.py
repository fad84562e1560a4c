"""The contracts of all ledgers, one module per room."""

from chunshui.ledgers.contracts import (
    activities,
    drills,
    governance,
    meetings,
    neighbours,
    new_jobs,
    organisation,
    places,
    programmes,
    published,
    renewal,
    stations,
    walking,
)  # fmt: skip
from chunshui.ledgers.contracts.contract import Ledger

MODULES = {
    "地点": (places,),
    "组织": (organisation,),
    "阵地": (stations,),
    "活动与通报": (activities,),
    "民情": (governance,),
    "居民自治": (neighbours,),
    "会议": (meetings,),
    "新就业群体": (new_jobs,),
    "更新与资金": (renewal, programmes),
    "拉练": (drills,),
    "步行网络": (walking,),
    "公开数据": (published,),
}
# Every ledger that a module declares, in its order.
ROOMS: dict[str, list[Ledger]] = {
    room: [one for module in modules for one in vars(module).values() if isinstance(one, Ledger)]
    for room, modules in MODULES.items()
}

# In this order a ledger comes after every ledger it refers to.
ALL: dict[str, Ledger] = {ledger.id: ledger for room in ROOMS.values() for ledger in room}
