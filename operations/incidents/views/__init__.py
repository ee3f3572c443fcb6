"""Pages of incidents: one module for each kind of them."""
