"""What a facilitator may do about the list of people."""
