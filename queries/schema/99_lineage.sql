-- From a figure back to its rows: which ledger row stands behind each thing (`lineage`), and
-- which definition each stored metric value was computed with (`metric_definition`).

create table metric_definition (
    metric_id varchar primary key,
    metric_name varchar not null,
    kind varchar not null check (kind in ('ratio', 'total', 'quantile')),
    unit varchar not null,
    numerator_unit varchar not null,
    denominator_unit varchar,
    scale double not null check (scale > 0),
    direction varchar not null check (direction in ('up', 'down', 'none')),
    target double,
    amber double,
    finest varchar not null check (finest in ('district', 'street', 'community')),
    sql_text varchar not null
);
comment on table metric_definition is '本版本计算指标月值时所用的定义与 SQL 原文';
comment on column metric_definition.finest is '指标能落到的最细一级地方：全区、街道、社区';

-- noqa: disable=LT11
create view lineage as
select 'district' as entity_table, district_code as entity_id, source_id, source_row from district
union all select 'street', street_code, source_id, source_row from street
union all select 'community', community_code, source_id, source_row from community
union all select 'barrier', barrier_id, source_id, source_row from barrier
union all select 'neighbourhood', neighbourhood_id, source_id, source_row from neighbourhood
union all select 'grid_unit', grid_id, source_id, source_row from grid_unit
union all select 'grid_role', role_id, source_id, source_row from grid_role
union all select 'grid_post', post_id, source_id, source_row from grid_post
union all select 'building', building_id, source_id, source_row from building
union all select 'building_post', post_id, source_id, source_row from building_post
union all select 'party_committee', committee_id, source_id, source_row from party_committee
union all select 'party_branch', branch_id, source_id, source_row from party_branch
union all select 'member_unit', unit_id, source_id, source_row from member_unit
union all select 'pledge', pledge_id, source_id, source_row from pledge
union all select 'brand', brand_id, source_id, source_row from brand
union all select 'award', award_id, source_id, source_row from award
union all select 'action_task', task_id, source_id, source_row from action_task
union all select 'theme_year', theme_id, source_id, source_row from theme_year
union all select 'label', term, source_id, source_row from label
union all select 'industry_committee', industry_id, source_id, source_row from industry_committee
union all select 'linkage', link_id, source_id, source_row from linkage
union all select 'cluster', cluster_id, source_id, source_row from cluster
union all select 'two_new_org', org_id, source_id, source_row from two_new_org
union all select 'station', station_id, source_id, source_row from station
union all select 'premises', premises_id, source_id, source_row from premises
union all select 'activity', activity_id, source_id, source_row from activity
union all select 'training', training_id, source_id, source_row from training
union all select 'bulletin', issue, source_id, source_row from bulletin
union all select 'new_job_role', post_id, source_id, source_row from new_job_role
union all select 'meal_exchange', station_id || '·' || strftime(month, '%Y-%m'), source_id, source_row from meal_exchange
union all select 'survey_need', answer_id, source_id, source_row from survey_need
union all select 'covenant', covenant_id, source_id, source_row from covenant
union all select 'forum_matter', matter_id, source_id, source_row from forum_matter
union all select 'carrier_month', station_id || '·' || carrier || '·' || strftime(month, '%Y-%m'), source_id, source_row from carrier_month
union all select 'opinion', opinion_id, source_id, source_row from opinion
union all select 'opinion_category', category, source_id, source_row from opinion_category
union all select 'challenge', challenge_id, source_id, source_row from challenge
union all select 'board_metric', entry_id, source_id, source_row from board_metric
union all select 'cohort', cohort_id, source_id, source_row from cohort
union all select 'drill_event', drill_id, source_id, source_row from drill_event
union all select 'assignment', assignment_id, source_id, source_row from assignment
union all select 'workday', day::varchar, source_id, source_row from workday
union all select 'renovation_project', project_id, source_id, source_row from renovation_project
union all select 'renovation_step', stage, source_id, source_row from renovation_step
union all select 'renovation_stage', project_id || '·' || stage, source_id, source_row from renovation_stage
union all select 'investment', entry_id, source_id, source_row from investment
union all select 'beneficiary', project_id, source_id, source_row from beneficiary
union all select 'fund_entry', entry_id, source_id, source_row from fund_entry
union all select 'demo_site', site_id, source_id, source_row from demo_site
union all select 'consent_rule', rule_id, source_id, source_row from consent_rule
union all select 'elevator', elevator_id, source_id, source_row from elevator
union all select 'elevator_consent', elevator_id || '·' || counted_on, source_id, source_row from elevator_consent
union all select 'full_community_item', item_id, source_id, source_row from full_community_item
union all select 'full_community_check', check_id, source_id, source_row from full_community_check
union all select 'fund_project', project_id, source_id, source_row from fund_project
union all select 'fund_project_entry', entry_id, source_id, source_row from fund_project_entry
union all select 'walk_node', node_id::varchar, source_id, source_row from walk_node
union all select 'walk_edge', edge_id::varchar, source_id, source_row from walk_edge
union all select 'claim', claim_id, source_id, source_row from claim;
comment on view lineage is '每个事物所在的台账行：表名、编号、来源、行号';
