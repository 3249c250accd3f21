"""What belongs to the holder of a certificate: a door of their own, an address for it, and what others may see."""
