"""Imports and the register's export over the API: the same actions as the pages."""
