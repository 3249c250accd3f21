"""What authors write: drafts with their history, an outline, and the act of publishing."""
