"""Sessions that are planned: agreed on, moved, cancelled, held."""
