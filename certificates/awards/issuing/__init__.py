"""From an approved application to a certificate with its documents, one by one or many at once."""
