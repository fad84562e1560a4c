"""What every page shares: filters, head, foot, notices, warm-up."""
