"""Several districts beside each other: their values by version, editions of the city, comparisons.

A district knows nothing of it. Its store is as it would be alone; what a city needs of a version is
exported beside that when it is first asked for.
"""
