"""Pages of responses: one module for each kind of them."""
