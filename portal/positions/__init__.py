"""Positions as officers write them: decimal degrees, degrees-minutes-seconds, UTM, MGRS. WGS 84 throughout."""
