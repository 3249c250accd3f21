"""An institute's keys: made once, rotated, the retired ones kept for checking what they signed."""
