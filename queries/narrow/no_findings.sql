-- Take out what the quality rules found in the rows of one street alone.

delete from check_result
