"""The pages of the work: one's own, and what is shared with one's coach."""
