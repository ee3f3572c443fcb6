"""Forms of the editor, and the form that a type becomes on a page."""
