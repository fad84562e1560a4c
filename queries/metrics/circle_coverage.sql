/*
id = "circle_coverage"
name = "十分钟圈人口覆盖率"
short = "十分钟圈覆盖"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge"]
numerator = "步行10分钟（720米）内有开放阵地的常住居民"
denominator = "常住居民"
numerator_unit = "人"
denominator_unit = "人"
direction = "up"
fewest = 30
lack = "10分钟走不到阵地"
none = "各楼栋10分钟都走得到阵地"
target = 100
amber = 95
target_source = "“十分钟党群服务圈”应当人人走得到；本系统默认值"
cadence = "每月"
source = "公开报道：打造“十分钟党群服务圈”；十分钟没有统一的米数，其他算法并列给出"
mark = "V"
caveat = "步行距离按路网量，门前路计入；走不到路网的楼留在分母里算不覆盖。楼栋、人口、功能、开放时间为台账现状，阵地按启用与停用日期计。"
moves = { counted = "走得到", gained = "新覆盖{n}", lost = "{n}不再覆盖" }
splits = ["circle_older", "circle_community_level", "circle_street_level", "circle_canteen", "circle_evening", "circle_backup"]

[params]
farthest = 720
levels = ["街道", "社区", "小区", "集聚区"]
functions = []
weekday = 0
minute = 0
people = "residents"

[[variants]]
id = "m300"
name = "300米（GB 50180 五分钟圈）"
params = { farthest = 300 }

[[variants]]
id = "m480"
name = "老年人步速，10分钟480米"
params = { farthest = 480 }

[[variants]]
id = "m500"
name = "500米（GB 50180 十分钟圈）"
params = { farthest = 500 }

[[variants]]
id = "m600"
name = "每秒1.0米，10分钟600米"
params = { farthest = 600 }

[[variants]]
id = "m800"
name = "每秒1.33米，10分钟800米"
params = { farthest = 800 }

[[variants]]
id = "m1000"
name = "1000米（GB 50180 十五分钟圈上限）"
params = { farthest = 1000 }
*/
from homes_covered(
    $as_of, $farthest, $levels::varchar[], $functions::varchar[], $weekday::integer, $minute::integer, $people
)
