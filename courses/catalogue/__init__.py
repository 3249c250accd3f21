"""What can be learnt: programmes, their modules and segments, and the parts of a segment."""
