"""A guide as sheets of paper: its words as HTML, and their style."""
