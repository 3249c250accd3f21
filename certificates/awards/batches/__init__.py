"""Issuing many awards at once: checked first, looked at as a whole, then issued line by line."""
