"""One page of a snapshot: the card for a leader (A4, 16:9) and the long picture for a chat."""
