"""Pages about levels, one module per area."""
