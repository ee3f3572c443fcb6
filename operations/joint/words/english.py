"""English."""

from operations.joint.words.base import Vocabulary
from operations.sealing import words

COMMON = words.of("en")

ENGLISH = Vocabulary(
    forms={"joint": "Joint report", "handover": "Handover"},
    decisions={"confirms": "confirms this text", "disagrees": "records its own statement"},
    entries={
        "leg": "Leg",
        "crossing": "On partner territory",
        "sighting": "Sighting",
        "check": "Check",
        "contact": "Contact",
        "hazard": "Hazard",
        "handover": "Handover",
        "note": "Note",
        "other": "Other",
    },
    codes=COMMON.codes,
    phrases={
        **COMMON.phrases,
        "period": "Period",
        "sides": "Signed by",
        "text": "Joint text",
        "open_points": "Open points",
        "no_text": "The sides wrote no text in this language. This is the one they signed ({language}):",
        "entries": "Entries of the log",
        "entries_note": "Of each side what this copy may keep. Each entry is its own side's record, in its own words.",
        "no_entries": "None.",
        "photographs": "{count} photograph(s)",
        "metres": "{km} km",
        "signatures": "Signatures",
        "statement": "Statement of {side}",
        "signed_at": "Signed",
        "device_at": "by the device's clock {at}",
        "device": "Device",
        "sealed": "Sealed copy of {side}, {reference}. Sealed {at}.",
    },
)
