"""Hours that count."""
