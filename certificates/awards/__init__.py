"""Awards: applications for a level, what was awarded, and its public verification."""
