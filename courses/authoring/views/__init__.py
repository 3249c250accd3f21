"""The pages on which authors write."""
