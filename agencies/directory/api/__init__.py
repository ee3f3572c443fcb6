"""The directory over the API: countries, agencies, officers and their appointments, and the token for the rest."""
