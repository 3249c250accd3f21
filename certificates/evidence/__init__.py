"""Evidence: what a level asks for, and what people hand in."""
