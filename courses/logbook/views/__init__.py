"""The pages of the logbook."""
