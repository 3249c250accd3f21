"""Plans: goals, actions, and what a coach adds."""
