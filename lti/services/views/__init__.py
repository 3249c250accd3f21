"""Pages about the grades on their way to platforms."""
