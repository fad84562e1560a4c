"""How far renovation is and when it will be done: S-curves, forecasts, small-number intervals.

Pure functions on frames that the queries in `queries/views/renewal_*.sql` return. What is counted
and what is stalled is decided in SQL, by the metrics; here only time is reckoned with.
"""
