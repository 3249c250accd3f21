"""Rubrics: what a piece of evidence is looked at for, in levels, with the policy by which it is scored."""
