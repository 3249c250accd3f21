"""Sessions as they are recorded: the tables, the lawful ways of a log, wall time, words."""
