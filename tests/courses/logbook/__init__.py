"""The monthly log of each participant, signed off by both sides."""
