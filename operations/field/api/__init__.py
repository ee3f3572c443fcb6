"""The field over the API: batches, photographs, the kit; versions, quarantine and crossings."""
