"""Giving out: who may score what, who gets which task, second scores by policy and by draw."""
