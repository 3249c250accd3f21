"""Pages about evidence, one module per area."""
