"""The picker's pages."""
