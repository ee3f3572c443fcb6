"""The API of minutes, action items and rhythms: the same rows and actions as the pages."""
