"""Responses over the API."""
