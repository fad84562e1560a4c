/*
id = "circle_canteen"
name = "幸福食堂老年覆盖率"
short = "食堂老年覆盖"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge", "station_function"]
numerator = "步行10分钟（老年人步速，480米）内有幸福食堂的60岁及以上居民"
denominator = "60岁及以上居民"
numerator_unit = "人"
denominator_unit = "人"
direction = "up"
fewest = 30
lack = "的老人10分钟走不到幸福食堂"
none = "各楼栋的老人10分钟都走得到幸福食堂"
cadence = "每月"
source = "公开报道：搭建幸福食堂等载体；分母取食堂的服务对象"
mark = "own"
caveat = "步行距离按路网量，门前路计入；走不到路网的楼留在分母里算不覆盖。楼栋、人口、功能、开放时间为台账现状，阵地按启用与停用日期计。"
moves = { counted = "已覆盖", gained = "新覆盖{n}", lost = "{n}不再覆盖" }

[params]
farthest = 480
levels = ["街道", "社区", "小区", "集聚区"]
functions = ["幸福食堂"]
weekday = 0
minute = 0
people = "residents_60"

[[variants]]
id = "m720"
name = "15分钟（720米）"
params = { farthest = 720 }

[[variants]]
id = "m1080"
name = "成人步速15分钟（1080米）"
params = { farthest = 1080 }
*/
from homes_covered(
    $as_of, $farthest, $levels::varchar[], $functions::varchar[], $weekday::integer, $minute::integer, $people
)
