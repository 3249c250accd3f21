"""Notes that only their author reads: sealed with a key of their own."""
