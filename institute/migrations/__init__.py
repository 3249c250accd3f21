"""The database's history: numbered, reversible migrations."""
