/*
id = "circle_nursery"
name = "托育扶幼婴幼儿覆盖率"
short = "托育覆盖"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge", "station_function"]
numerator = "步行10分钟（720米）内有托育扶幼服务的0–3岁婴幼儿"
denominator = "0–3岁婴幼儿"
numerator_unit = "人"
denominator_unit = "人"
direction = "up"
fewest = 30
lack = "的婴幼儿10分钟走不到托育扶幼服务"
none = "各楼栋的婴幼儿10分钟都走得到托育扶幼服务"
cadence = "每月"
source = "公开报道：托育扶幼服务延伸到居民家门口；分母取服务对象"
mark = "own"
caveat = "步行距离按路网量，门前路计入；走不到路网的楼留在分母里算不覆盖。楼栋、人口、功能、开放时间为台账现状，阵地按启用与停用日期计。"
moves = { counted = "已覆盖", gained = "新覆盖{n}", lost = "{n}不再覆盖" }

[params]
farthest = 720
levels = ["街道", "社区", "小区", "集聚区"]
functions = ["托育扶幼"]
weekday = 0
minute = 0
people = "residents_0_3"

[[variants]]
id = "m500"
name = "500米（GB 50180 十分钟圈）"
params = { farthest = 500 }
*/
from homes_covered(
    $as_of, $farthest, $levels::varchar[], $functions::varchar[], $weekday::integer, $minute::integer, $people
)
