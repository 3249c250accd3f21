"""The tool beside a learning platform that nobody here wrote: Open edX's own LTI consumer."""
