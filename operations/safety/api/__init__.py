"""Alarms, notices and timers over the API."""
