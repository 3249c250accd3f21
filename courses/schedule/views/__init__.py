"""The pages of the schedule, for both sides."""
