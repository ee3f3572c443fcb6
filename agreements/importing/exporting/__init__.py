"""The register as files: what the reader may see of it, and nothing else (R23)."""
