"""One small room per page; none imports another."""
