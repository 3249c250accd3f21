"""The pages of the rules of hours."""
