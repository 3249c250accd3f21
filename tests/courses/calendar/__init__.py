"""A calendar feed for each person, filled by the rooms that plan something."""
