"""Writing the rules of levels: the builder, and trying them on a cohort before they are published."""
