/*
id = "branch_support_rate"
name = "阵地支撑率"
short = "阵地支撑率"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个小区（片区）党支部"
entities = ["party_branch"]
needs = ["station", "walk_edge"]
numerator = "所覆盖小区半数以上居民步行10分钟（720米）内有党群服务阵地的党支部"
denominator = "所覆盖小区有居民的党支部"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "所覆盖的居民多数10分钟走不到阵地"
none = "各党支部所覆盖的居民多数10分钟走得到阵地"
cadence = "每月"
source = "本系统自定：组织常多于阵地，不可能一家一处，只能问有没有自有或共用的"
mark = "own"
caveat = "阵地自有、共用都算；只看走得到，不看阵地排不排得过来。楼栋、人口、功能为台账现状，阵地和支部按日期计。"
moves = { came = "新建", left = "撤销", counted = "有阵地", gained = "支部有了阵地", lost = "支部没有了阵地" }

[params]
farthest = 720
levels = ["街道", "社区", "小区", "集聚区"]
functions = ["党群服务"]

[[variants]]
id = "local"
name = "只计社区、小区级阵地"
params = { levels = ["社区", "小区"] }

[[variants]]
id = "near"
name = "5分钟（360米）内，小区级阵地"
params = { farthest = 360, levels = ["小区"] }
*/
with served as (
    from buildings_served(
        $as_of, $farthest, $levels::varchar[], $functions::varchar[], 0, 0
    )
),
measured as (
    select
        link.branch_id,
        sum(b.residents) as residents,
        coalesce(sum(b.residents) filter (served.building_id is not null), 0) as near
    from branch_neighbourhood as link
    join building as b using (neighbourhood_id)
    join walk_door as d on d.entity_table = 'building' and d.entity_id = b.building_id
    left join served on served.building_id = b.building_id
    group by link.branch_id
)
select
    p.branch_id as entity_id,
    p.branch_name as entity_name,
    c.street_code,
    p.community_code,
    (coalesce(2 * measured.near >= measured.residents, false) and measured.residents > 0)::integer
        as numerator,
    coalesce(measured.residents > 0, false)::integer as denominator,
    case
        when coalesce(measured.residents, 0) = 0 then '所覆盖小区没有登记居民'
        when 2 * measured.near < measured.residents
            then '居民' || measured.residents || '人中' || measured.near || '人走得到'
    end as reason
from party_branch as p
join community as c using (community_code)
left join measured using (branch_id)
where p.established_on <= $as_of and coalesce(p.dissolved_on > $as_of, true)
