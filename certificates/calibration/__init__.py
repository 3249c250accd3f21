"""Calibration: papers whose scores are known, attempts at them, and the qualification to score that follows."""
