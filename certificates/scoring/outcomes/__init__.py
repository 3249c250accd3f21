"""Outcomes: scores released, held, translated and read; trying again."""
