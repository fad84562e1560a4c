/*
id = "elevator_votes_over"
name = "加梯计票多于有权表决数"
severity = "警告"
entity = "elevator_consent"
mend = "核对加梯征询台账与加装电梯台账：参与户数、面积不应多于有权表决的户数、面积。"
*/
select
    v.elevator_id || '·' || v.counted_on as entity_id,
    e.elevator_name || '于' || v.counted_on || '计票参与' || v.voted_households || '户、'
        || format('{:,.1f}', v.voted_m2) || '平方米，有权表决' || e.households || '户、'
        || format('{:,.1f}', e.area_m2) || '平方米。' as message
from elevator_consent as v
join elevator as e using (elevator_id)
where v.voted_households > e.households or v.voted_m2 > e.area_m2 + 0.05
