"""What pages are made of: cached data, filters, tiles, maps, charts, tables, the opened number."""
