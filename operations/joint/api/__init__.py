"""The API of joint reports: the same rows and actions as the pages."""
