"""What is done with incident reports, events and serious incidents: one module for each of them."""
