"""Guides: what each reader gets of a module, on pages and on paper."""
