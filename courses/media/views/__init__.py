"""Pages of media, one module for each area."""
