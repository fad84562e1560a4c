/*
id = "consent_rules_overlap"
name = "加梯表决规则施行期重叠"
severity = "错误"
entity = "consent_rule"
mend = "在加梯表决规则里写明前一套规则的废止日期，同一天只能施行一套。"
*/
select
    a.rule_id as entity_id,
    a.rule_name || '与' || b.rule_name || '在' || greatest(a.valid_from, b.valid_from)
        || '同时施行。' as message
from consent_rule as a
join consent_rule as b
    on
        a.rule_id < b.rule_id
        and coalesce(a.valid_to > b.valid_from, true)
        and coalesce(b.valid_to > a.valid_from, true)
