"""Tests of media: clips, consent, comments."""
