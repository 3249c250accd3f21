"""What becomes of an award after its issue."""
