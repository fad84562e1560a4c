/*
id = "circle_older"
name = "老年人十分钟圈覆盖率"
short = "老年人覆盖"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge"]
numerator = "步行10分钟（老年人步速，480米）内有开放阵地的60岁及以上居民"
denominator = "60岁及以上居民"
numerator_unit = "人"
denominator_unit = "人"
direction = "up"
fewest = 30
lack = "的老人10分钟走不到阵地"
none = "各楼栋的老人10分钟都走得到阵地"
cadence = "每月"
source = "老年人步速取每秒0.8米，可换算法"
mark = "R"
caveat = "步行距离按路网量，门前路计入；走不到路网的楼留在分母里算不覆盖。楼栋、人口、功能、开放时间为台账现状，阵地按启用与停用日期计。"
moves = { counted = "走得到", gained = "新覆盖{n}", lost = "{n}不再覆盖" }
splits = ["circle_canteen", "circle_care"]

[params]
farthest = 480
levels = ["街道", "社区", "小区", "集聚区"]
functions = []
weekday = 0
minute = 0
people = "residents_60"

[[variants]]
id = "m720"
name = "成人步速，720米"
params = { farthest = 720 }

[[variants]]
id = "m500"
name = "500米（GB 50180 十分钟圈）"
params = { farthest = 500 }
*/
from homes_covered(
    $as_of, $farthest, $levels::varchar[], $functions::varchar[], $weekday::integer, $minute::integer, $people
)
