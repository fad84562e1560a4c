"""The workbook (.xlsx): every frozen number as a number."""
