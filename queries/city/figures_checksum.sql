-- The stored values of a version as one short text, the same whichever engine made the file. One row.

select
    count(*)
    || ':'
    || coalesce(
        bit_xor(
            md5_number(
                concat_ws(
                    '|',
                    metric_id,
                    variant,
                    month,
                    coalesce(street_code, '-'),
                    coalesce(community_code, '-'),
                    numerator,
                    coalesce(denominator::varchar, '-'),
                    members
                )
            )
        ),
        0
    ) as figures
from metric_value
