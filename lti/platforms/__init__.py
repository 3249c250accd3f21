"""Platforms that may open the tool: registrations, deployments and the tool's own keys."""
