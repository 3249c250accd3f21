"""Pages about levels and certificates, one module per area, and those that anybody opens."""
