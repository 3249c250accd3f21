"""What runs inside the other verifiers."""
