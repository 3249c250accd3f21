"""Pages of the registry: for administrators, and for everybody."""
