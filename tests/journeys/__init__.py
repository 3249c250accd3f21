"""Journeys: a browser clicks through the running tool inside the running sandbox."""
