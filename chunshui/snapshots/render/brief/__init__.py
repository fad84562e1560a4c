"""The brief (.pdf): a few A4 pages, typeset."""
