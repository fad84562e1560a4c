/*
id = "area_per_100_households"
name = "每百户阵地面积"
short = "每百户面积"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "平方米/百户"
scale = 100
one_row = "一处阵地（分子）或一栋住宅楼（分母）"
entities = ["station", "building"]
numerator = "月末开放的阵地的建筑面积"
denominator = "住宅楼栋的户数"
numerator_unit = "平方米"
denominator_unit = "户"
direction = "up"
fewest = 30
target = 30
amber = 27
target_source = "国家发展改革委2022年通报：社区综合服务设施每百户不少于30平方米"
cadence = "每月"
source = "每百户30平方米是社区综合服务设施的标准，这里以党群服务阵地的面积比照"
mark = "V"
caveat = "街道级、集聚区级阵地计入街道和全区，不计入社区；户数为楼栋台账现状。"
moves = { came = "新开放", left = "关闭", gained = "扩大{n}", lost = "缩小{n}" }
splits = ["area_norm_rate"]

[params]
levels = ["街道", "社区", "小区", "集聚区"]

[[variants]]
id = "local"
name = "只计社区、小区级阵地"
params = { levels = ["社区", "小区"] }

[[variants]]
id = "community_only"
name = "只计社区级阵地"
params = { levels = ["社区"] }
*/
select
    s.station_id as entity_id,
    s.station_name as entity_name,
    s.street_code,
    s.community_code,
    s.area_m2::decimal(18, 6) as numerator,
    0 as denominator,
    'station' as entity_table
from station as s
where
    s.opened_on <= $as_of
    and coalesce(s.closed_on > $as_of, true)
    and list_contains($levels, s.level)
union all
select
    b.building_id,
    b.building_name,
    c.street_code,
    b.community_code,
    0,
    b.households,
    'building'
from building as b
join community as c using (community_code)
