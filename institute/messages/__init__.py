"""Mail in the reader's language, and one-time links for people who come without an LMS."""
