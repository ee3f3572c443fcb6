"""The kernel of the API: errors, pages, base viewsets that fail closed, the published description."""
