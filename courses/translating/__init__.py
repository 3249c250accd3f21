"""Every text of the content in each language of the institute."""
