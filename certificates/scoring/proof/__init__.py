"""Proof: what the scoring lead sees, whether the policy was followed, how far raters agree."""
