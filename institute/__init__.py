"""The ground: application factory, settings, database, people, jobs, audit, the web. Imports no other room."""
