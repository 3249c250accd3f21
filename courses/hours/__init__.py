"""Hours: what a programme asks for, what counts of what was logged, month by month."""
