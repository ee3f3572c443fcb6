"""The register over the API: agreements, the facts about them, and the confirmation of these."""
