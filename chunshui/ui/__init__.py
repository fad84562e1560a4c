"""What pages are made of: cached data, filters, tiles, maps, charts, tables, the opened number."""

import pandas as pd

# Answers are short, and their texts taken one by one: by Arrow's a page takes a fifth longer.
pd.options.mode.string_storage = "python"
