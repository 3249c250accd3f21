"""Who is in a platform's course, read in the background."""
