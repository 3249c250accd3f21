"""What the public can check: pages, profiles, credentials, lists of statuses."""
