"""The API of the atlas."""
