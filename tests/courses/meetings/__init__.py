"""Meetings: who comes, who was there, what is made up for."""
