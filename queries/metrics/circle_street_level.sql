/*
id = "circle_street_level"
name = "街道级阵地十分钟覆盖率"
short = "街道级覆盖"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge"]
numerator = "步行10分钟（720米）内有街道级阵地开放的常住居民"
denominator = "常住居民"
numerator_unit = "人"
denominator_unit = "人"
direction = "up"
fewest = 30
lack = "10分钟走不到街道级阵地"
none = "各楼栋10分钟都走得到街道级阵地"
cadence = "每月"
source = "本系统自定：阵地总量一多，覆盖率就饱和，分层级才看得出差别"
mark = "own"
caveat = "步行距离按路网量，门前路计入；走不到路网的楼留在分母里算不覆盖。楼栋、人口、功能、开放时间为台账现状，阵地按启用与停用日期计。街道级阵地服务全街道，不必人人十分钟走到。"
moves = { counted = "已覆盖", gained = "新覆盖{n}", lost = "{n}不再覆盖" }

[params]
farthest = 720
levels = ["街道"]
functions = []
weekday = 0
minute = 0
people = "residents"

[[variants]]
id = "m1080"
name = "15分钟（1080米）"
params = { farthest = 1080 }
*/
from homes_covered(
    $as_of, $farthest, $levels::varchar[], $functions::varchar[], $weekday::integer, $minute::integer, $people
)
