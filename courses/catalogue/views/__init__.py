"""The pages that show the catalogue."""
