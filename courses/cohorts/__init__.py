"""Who learns what, together and with whom: cohorts, enrolments, coaches and progress."""
