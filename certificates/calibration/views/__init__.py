"""Pages of calibration, one module for each area."""
