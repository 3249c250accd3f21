"""The page on which an institute sets how its documents look."""
