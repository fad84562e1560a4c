-- The rules of a figure in SQL, each stated once; the twin of its value in Python is in
-- catalogue/figure.py.
-- Set up on the connection of any query that names one of them, also in versions of older software.
-- A ratio is a ratio of sums, and has no value without a denominator; no members are 0 for a total;
-- a quantile's numerator is its value.

create or replace temp macro figure_value(kind, numerator, denominator, scale) as
    case kind
        when 'total' then coalesce(numerator, 0)
        when 'quantile' then case when denominator > 0 then numerator end
        else scale * numerator / case when denominator > 0 then denominator end
    end;

-- A month stands as it was at the end of its last day: what was due on that day or before, and was
-- not done by its end, has missed its day. What has grace, or counts from so many days late on, is
-- asked with that many days added to the day it was due.

create or replace temp macro is_overdue(due_day, done_day, asked_day) as
    due_day <= asked_day and coalesce(done_day > asked_day, true);

-- How late something is says by which days it is counted: 日历日, or 工作日 where it is due by those.

create or replace temp macro overdue_words(due_day, asked_day) as
    case
        when due_day < asked_day then '逾期' || (asked_day - due_day) || '个日历日'
        when due_day = asked_day then '当天到期'
    end;

create or replace temp macro late_words(due_day, done_day) as
    '晚' || (done_day - due_day) || '个日历日';

-- What is due by working days is late by working days: `late_workdays` of them lie after the day it was
-- due, up to the day asked; none where only days off do.

create or replace temp macro overdue_workdays_words(due_day, asked_day, late_workdays) as
    case
        when late_workdays > 0 then '逾期' || late_workdays || '个工作日'
        when due_day < asked_day then '逾期不满1个工作日'
        when due_day = asked_day then '当天到期'
    end;

-- Every metric's figure for every street, as a rule that looks at figures is given them: a text of JSON,
-- for a list of values is handed over one by one.

create or replace temp macro street_figures(figures) as table
    select unnest(
        from_json(
            figures,
            '[{
                "metric_id": "VARCHAR", "metric_name": "VARCHAR", "kind": "VARCHAR", "unit": "VARCHAR",
                "direction": "VARCHAR", "street_code": "VARCHAR", "street_name": "VARCHAR",
                "denominator": "DOUBLE", "status": "VARCHAR", "text": "VARCHAR", "fraction": "VARCHAR",
                "target_text": "VARCHAR", "gap": "DOUBLE", "change": "DOUBLE", "change_text": "VARCHAR"
            }]'
        ),
        recursive := true
    );
