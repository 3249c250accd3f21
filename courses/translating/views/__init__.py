"""Pages of translators."""
