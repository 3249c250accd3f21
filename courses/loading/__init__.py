"""An institute read from a folder of TOML and Markdown, through the use cases that pages use."""
