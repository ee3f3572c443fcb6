"""Everything that happens to records and circles. Pages and API call the same verbs."""
