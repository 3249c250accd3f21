"""Pages of the institute's administrators about platforms."""
