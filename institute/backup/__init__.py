"""Backup and restore: database, files and keys at one point in time."""
