"""All that is known of one community, gathered on one sheet."""
