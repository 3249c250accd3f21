"""Pages about scoring, one module per area."""
