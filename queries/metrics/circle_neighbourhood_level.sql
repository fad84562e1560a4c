/*
id = "circle_neighbourhood_level"
name = "小区级阵地五分钟覆盖率"
short = "小区级覆盖"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge"]
numerator = "步行5分钟（360米）内有小区级阵地开放的常住居民"
denominator = "常住居民"
numerator_unit = "人"
denominator_unit = "人"
direction = "up"
fewest = 30
lack = "5分钟走不到小区级阵地"
none = "各楼栋5分钟都走得到小区级阵地"
cadence = "每月"
source = "本系统自定：小区级阵地应当就在楼下，取五分钟"
mark = "own"
caveat = "步行距离按路网量，门前路计入；走不到路网的楼留在分母里算不覆盖。楼栋、人口、功能、开放时间为台账现状，阵地按启用与停用日期计。"
moves = { counted = "已覆盖", gained = "新覆盖{n}", lost = "{n}不再覆盖" }

[params]
farthest = 360
levels = ["小区"]
functions = []
weekday = 0
minute = 0
people = "residents"

[[variants]]
id = "m300"
name = "300米（GB 50180 五分钟圈）"
params = { farthest = 300 }

[[variants]]
id = "m720"
name = "10分钟（720米）"
params = { farthest = 720 }
*/
from homes_covered(
    $as_of, $farthest, $levels::varchar[], $functions::varchar[], $weekday::integer, $minute::integer, $people
)
