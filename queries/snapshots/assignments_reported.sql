-- The matters handed out that the ledger knows. One row per matter.

select assignment_id
from assignment
