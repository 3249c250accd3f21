"""The pages of guides."""
