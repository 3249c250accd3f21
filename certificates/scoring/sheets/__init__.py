"""Sheets: what a rater sees, writes and hands in, and what the sheets of a round come to."""
