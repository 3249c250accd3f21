"""The pages of coaching, for both sides."""
