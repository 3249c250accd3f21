"""Pages of the library: those on which everybody reads it, and those on which authors keep it."""
