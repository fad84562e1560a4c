"""The files a ledger may come in: workbooks, csv, maps."""
