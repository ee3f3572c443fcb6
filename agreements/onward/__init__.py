"""Onward transfer (R11): a receiver passes a record on, freely or with the originator's consent."""
