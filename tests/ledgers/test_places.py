"""Streets and communities as offices write them."""

from chunshui.words import NOTE
from tests.ledgers.sheets import GRIDS, error_cells, errors, grid, stage_places_and_projects


def test_other_names_of_a_place_are_read_and_said(rosters):
    def change(sheet):
        sheet["D4"], sheet["E4"] = "古田街", "古一社区居民委员会"
        sheet["D5"], sheet["E5"] = 420104001, "420104001001"
        sheet["D6"], sheet["E6"] = "古田街道办事处", "新合"
        sheet["E7"] = " 新 合 社 区 "

    staged = stage_places_and_projects(rosters, change)
    assert errors(staged) == []
    codes = staged.tables["neighbourhood"]["community_code"].to_list()
    assert codes == ["420104001001", "420104001001", "420104001002", "420104002001"]
    notes = [i.what for i in staged.issues if i.severity == NOTE and i.sheet]
    assert notes == ["读作古田街道（共2格，首见于此）", "读作古一社区", "读作新合社区"]


def test_a_street_may_be_left_out_where_the_community_is_certain(rosters):
    def change(sheet):
        sheet["D4"] = None

    staged = stage_places_and_projects(rosters, change)
    assert errors(staged) == []
    assert staged.tables["neighbourhood"]["community_code"].iloc[0] == "420104001001"


def test_a_ledger_of_another_district_is_told_as_one(read):
    def whole(names):
        rows = [grid(n, street=street, place="古一社区") for n, street in enumerate(names)]
        told = read({"网格台账": [GRIDS, *rows]}).issues
        return [one.what for one in told if one.sheet and one.row is None and "别的区" in one.what]

    assert whole(["黄鹤楼街道"] * 6) == ["没有一行是本区的街道（如“黄鹤楼街道”），像是别的区的台账"]
    assert not whole(["黄鹤楼街道"] * 5 + ["古田街道"]) and not whole(["黄鹤楼街道"])


def test_names_of_places_as_offices_write_them(read):
    names = [
        ("古田街办事处", "古一居委会"), ("古田街道办", "古一居民委员会"), ("古田", "古田街道古一社区"),
        ("汉正街", "新合社区居委会"), ("#N/A", "古一社区"), ("古田街道", "待定"), (None, "=A1"),
        ("硚口区古田街道", "古一社区"),
    ]  # fmt: skip
    rows = [grid(n, street=street, place=place) for n, (street, place) in enumerate(names)]
    staged = read({"网格台账": [GRIDS, *rows]})
    wanted = [
        ("C6", "是错误值 #N/A"), ("C9", "“硚口区古田街道”不在街"), ("D7", "“待定”尚未确定"),
        ("D8", "公式“=A1”没有保存"),
    ]  # fmt: skip
    assert error_cells(staged, wanted) == wanted
    assert errors(staged)[1][2].endswith("，是不是“古田街道”？")
    codes = staged.tables["grid_unit"]["community_code"].to_list()
    assert codes == ["420104001001"] * 3 + ["420104002001"]
