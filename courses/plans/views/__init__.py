"""The pages of plans: one's own, and those of whom one coaches."""
