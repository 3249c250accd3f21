"""Work: what participants write, answer and hand in."""
