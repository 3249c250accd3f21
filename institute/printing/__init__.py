"""Documents on paper: faces of type, and pages typeset to tagged files. Only the worker typesets."""
