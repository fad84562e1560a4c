-- The texts behind some digests. One row each. $texts: a file of the edition.

select
    digest,
    text
from read_parquet($texts)
where list_contains($digests::varchar[], digest)
