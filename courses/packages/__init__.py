"""A whole programme as one package that another institute can read."""
