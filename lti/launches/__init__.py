"""From a login request to an open session: verifying, mapping and binding what a platform says."""
