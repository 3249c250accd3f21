"""One-time sign-in links for people who come without an LMS."""
