"""Pages about the institute itself."""
