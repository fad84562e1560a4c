/*
id = "circle_evening"
name = "傍晚十分钟圈覆盖率"
short = "傍晚覆盖"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge", "station_hours"]
numerator = "周三19点步行10分钟（720米）内有阵地开放的常住居民"
denominator = "常住居民"
numerator_unit = "人"
denominator_unit = "人"
direction = "up"
fewest = 30
lack = "周三19点10分钟内没有开着的阵地"
none = "各楼栋周三19点10分钟内都有开着的阵地"
cadence = "每月"
source = "本系统自定：上班族傍晚才用得上阵地"
mark = "own"
caveat = "没有登记开放时间的阵地不知道开不开，不计为开着，名单在数据质量。步行距离按路网量，门前路计入；走不到路网的楼留在分母里算不覆盖。楼栋、人口、功能、开放时间为台账现状，阵地按启用与停用日期计。"
moves = { counted = "已覆盖", gained = "新覆盖{n}", lost = "{n}不再覆盖" }

[params]
farthest = 720
levels = ["街道", "社区", "小区", "集聚区"]
functions = []
weekday = 3
minute = 1140
people = "residents"

[[variants]]
id = "later"
name = "周三20点"
params = { minute = 1200 }

[[variants]]
id = "saturday"
name = "周六10点"
params = { weekday = 6, minute = 600 }

[[variants]]
id = "sunday"
name = "周日15点"
params = { weekday = 7, minute = 900 }

[[variants]]
id = "office"
name = "周三10点"
params = { minute = 600 }
*/
from homes_covered(
    $as_of, $farthest, $levels::varchar[], $functions::varchar[], $weekday::integer, $minute::integer, $people
)
