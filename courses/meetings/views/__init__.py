"""The pages of the meetings: for whoever leads, whoever takes part, and whoever scans a code or verifies a make-up."""
