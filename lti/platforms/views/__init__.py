"""Pages about platforms."""
