"""The page's template and style, and what fills it."""
