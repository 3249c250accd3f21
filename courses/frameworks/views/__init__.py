"""Pages of frameworks and vocabularies: those on which authors write them, and those on which everybody reads them."""
