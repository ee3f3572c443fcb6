"""Drafts over the API: tasks with how far each is, and the way to the parties."""
