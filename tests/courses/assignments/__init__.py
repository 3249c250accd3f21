"""Who coaches whom, decided by coordinators: assignments, recipients, concerns."""
