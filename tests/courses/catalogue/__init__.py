"""What authors write, as pages show it."""
