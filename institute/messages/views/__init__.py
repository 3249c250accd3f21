"""Pages of links, of signing in by e-mail, and of messages that nobody got."""
