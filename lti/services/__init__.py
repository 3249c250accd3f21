"""What the tool asks of a platform after a launch: tokens, line items, scores. Stands on platforms and launches."""
