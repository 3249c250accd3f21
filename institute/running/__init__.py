"""The supervisor behind ``make run``: starts what the table names, watches it, leaves nothing behind."""
