"""Documents made from a snapshot alone: deck, brief, workbook, pictures, and tables as files."""
