"""What can be wrong with a cell or a row, said in Chinese: what, and how to mend it."""

import difflib
from collections.abc import Mapping
from typing import Any

MESSAGES = {
    "必填": ("此格为空", "请补填"),
    "非数": ("“{raw}”不是数", "请只填数字，单位写在表头"),
    "约数": ("“{raw}”是约数", "请填准确数"),
    "待定": ("“{raw}”尚未确定", "请确定后再填；可空的格请留空"),
    "区间": ("“{raw}”是区间", "请填一个确定的值"),
    "公式错误": ("公式结果为 {raw}", "请在 Excel 中改好公式，或改填数值"),
    "公式未算": ("公式“{raw}”没有保存计算结果", "请用 Excel 或 WPS 打开并保存一次，或改填数值"),
    "缩小显示": (
        "此格存的是{raw}，单元格格式却把它缩小了显示，看到的不是这个数",
        "请把单元格格式改为常规，再核对数值与单位",
    ),
    "科学计数法": ("“{raw}”是科学计数法，末位可能已丢失", "请把此列设为文本格式后重填"),
    "百分数": ("“{raw}”是百分数", "此列须填数量"),
    "非整数": ("“{raw}”不是整数{unit}", "请填整数"),
    "越界": ("“{raw}”超出范围（{range}）", "请核对数值与单位"),
    "少见": (
        "读作{value:,}{unit}，大小少见（通常{least:,}至{most:,}{unit}），是不是单位填错",
        "请核对单位（元、万元）；确实如此，请在发布时确认",
    ),
    "数成日期": ("此格是日期{raw}", "请把单元格格式改为数值或文本后重填"),
    "单位不明": ("没有写明单位", "请在表头写明，如“{title}”"),
    "单位不识": ("“{raw}”的单位认不出", "请改用{known}"),
    "非编号": ("“{raw}”不是编号", "请填编号"),
    "编号成小数": ("编号“{raw}”像是被存成了小数", "请把此列设为文本格式后重填"),
    "前导零": (
        "“{raw}”只有{digits}位，应为{length}位，像是丢了前面的零",
        "请把此列设为文本格式后重填",
    ),
    "编号长度": ("“{raw}”是{digits}位，应为{length}位", "请核对编号"),
    "非坐标": ("“{raw}”不是经纬度", "请填十进制度数，如114.2700"),
    "经纬颠倒": ("“{raw}”像是经度、纬度填反", "请对调经度与纬度"),
    "坐标出界": ("“{raw}”超出范围（{range}）", "请填经纬度（度），不要填投影坐标（米）"),
    "不在本区": ("“{raw}”不在本区附近", "请核对坐标"),
    "非日期": ("“{raw}”不是日期", "请填如2026-03-31"),
    "无此日": ("“{raw}”这一天不存在", "请核对月、日"),
    "年份两位": ("“{raw}”年份只有两位", "请写四位年份"),
    "日期越界": ("“{raw}”不在1949年至2099年之间", "请核对年份"),
    "日期缺日": ("“{raw}”只有年月", "请补全到日"),
    "非月份": ("“{raw}”不是月份", "请填如2026-03"),
    "月份两可": ("“{raw}”可能是1月也可能是10月", "请填如2026-10，并把单元格设为文本"),
    "非时刻": ("“{raw}”不是时刻", "请填如08:30"),
    "非星期": ("“{raw}”不是星期", "请填 周一 至 周日，一天一行"),
    "非是否": ("“{raw}”不是 是 或 否", "请填 是 或 否"),
    "不在选项": ("“{raw}”不在选项中{near}", "可填：{allowed}"),
    "过长": ("文字有{length}字，超过{limit}字", "请精简"),
    "乱码": ("“{raw}”是乱码", "请用 UTF-8 或 GB18030 重新另存"),
    "非图形": ("图形{why}", "请在制图软件中改好后重新导出"),
    "不在名录": ("“{raw}”不在{roster}中{near}", "请改用名录中的名称或代码"),
    "社区重名": ("“{raw}”在几个街道都有：{streets}", "请填上街道"),
    "街道不符": ("“{raw}”属于{street}，与本行街道不符", "请核对街道与社区"),
    "无此编号": ("{roster}中没有“{raw}”{near}", "请核对编号，或先在{roster}中补上"),
    "重复": ("与{other}重复（{key}）", "请删去其一，或更正编号"),
    "隐藏行": ("第{row}行被隐藏但有数据", "请取消隐藏，或删除此行"),
    "合并单元格": ("{range} 是合并单元格，不知各行各填什么", "请取消合并，逐行填写"),
}


def explain(code: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and how to mend it, in Chinese."""
    what, mend = MESSAGES[code]
    shown = {"near": "", "unit": "", **facts}
    return what.format(**shown), mend.format(**shown)


def did_you_mean(word: str, words: list[str]) -> str:
    """A question that offers the nearest of `words`, or nothing when none is near."""
    inside = [one for one in words if len(one) > 2 and one in word]
    close = inside if len(inside) == 1 else difflib.get_close_matches(word, words, 1, 0.6)
    return f"，是不是“{close[0]}”？" if close else ""
