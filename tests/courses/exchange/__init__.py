"""In and out: sessions and attendance from files, data sets for others."""
