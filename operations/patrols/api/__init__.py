"""The patrol log over the API: the same actions as the pages."""
