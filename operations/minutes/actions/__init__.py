"""What is done with minutes: kept, put to the agencies, agreed, sealed; action items reported and closed; rhythms."""
