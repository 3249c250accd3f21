"""The web: sessions, guards, headers, forms, error pages, and what features add to a page."""
