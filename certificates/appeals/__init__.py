"""Appeals: released scores looked at again by raters who did not know them."""
