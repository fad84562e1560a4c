/*
id = "circle_rider"
name = "小哥驿站十分钟覆盖率"
short = "小哥驿站覆盖"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge", "station_function"]
numerator = "步行10分钟（720米）内有小哥驿站的4–59岁居民"
denominator = "4–59岁居民"
numerator_unit = "人"
denominator_unit = "人"
direction = "up"
fewest = 30
lack = "10分钟走不到小哥驿站"
none = "各楼栋10分钟都走得到小哥驿站"
cadence = "每月"
source = "公开报道：面向骑手的驿站、小哥窗口；骑手没有住址台账，以4–59岁居民作替身"
mark = "own"
caveat = "骑手在路上不在家，这个分母只是替身。步行距离按路网量，门前路计入；走不到路网的楼留在分母里算不覆盖。楼栋、人口、功能、开放时间为台账现状，阵地按启用与停用日期计。"
moves = { counted = "已覆盖", gained = "新覆盖{n}", lost = "{n}不再覆盖" }

[params]
farthest = 720
levels = ["街道", "社区", "小区", "集聚区"]
functions = ["小哥驿站"]
weekday = 0
minute = 0
people = "residents_4_59"
*/
from homes_covered(
    $as_of, $farthest, $levels::varchar[], $functions::varchar[], $weekday::integer, $minute::integer, $people
)
