"""Rules, deliveries and outlets over the API: the same rows and actions as the pages."""
