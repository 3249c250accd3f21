"""A person's development plan: goals with actions, some of them from what a self-assessment put first."""
