"""The pages of private notes."""
