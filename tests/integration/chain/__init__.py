"""Two small waves through the whole chain, and what must have come of them, computed a second time."""
