"""Documents: the certificate as a signed PDF and as a credential."""
