"""Pages of appeals, one module for each area."""
