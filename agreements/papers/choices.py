"""Words of documents: what a paper of an agreement is, which files are taken, and how far its text was read."""

from django.db import models


class DocumentKind(models.TextChoices):
    AUTHENTIC = "authentic_text", "Authentic text"
    TRANSLATION = "translation", "Translation"
    INSTRUMENT = "instrument", "Instrument of ratification"
    RESERVATION = "reservation", "Reservation"
    OBJECTION = "objection", "Objection"
    NOTE = "note", "Note"
    MAP = "map", "Map"
    ANNEX = "annex", "Annex"
    CERTIFICATE = "certificate", "Certificate"


class MediaType(models.TextChoices):
    """Files that are taken, by what is in them."""

    PDF = "application/pdf", "PDF"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"
    ODT = "application/vnd.oasis.opendocument.text", "ODT"
    TXT = "text/plain", "Text"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    TIFF = "image/tiff", "TIFF"
    WEBP = "image/webp", "WebP"


EXTENSIONS = {
    MediaType.PDF: "pdf",
    MediaType.DOCX: "docx",
    MediaType.ODT: "odt",
    MediaType.TXT: "txt",
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.TIFF: "tif",
    MediaType.WEBP: "webp",
}
IMAGES = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.TIFF: "TIFF", MediaType.WEBP: "WEBP"}


class Reading(models.TextChoices):
    """How far the text of a document was read, for the search in it."""

    WAITING = "waiting", "Text is being read"
    READ = "read", "Text is read"
    EMPTY = "empty", "No text in it (scan)"
    FAILED = "failed", "Text could not be read"


# ISO 639-1, and `mul` and `und` of ISO 639-2; with PostgreSQL's configuration for the search where it has one.
_LANGUAGES: dict[str, tuple[str, str]] = {
    "ar": ("Arabic", "arabic"),
    "be": ("Belarusian", ""),
    "bg": ("Bulgarian", ""),
    "bs": ("Bosnian", ""),
    "ca": ("Catalan", "catalan"),
    "cs": ("Czech", ""),
    "da": ("Danish", "danish"),
    "de": ("German", "german"),
    "el": ("Greek", "greek"),
    "en": ("English", "english"),
    "es": ("Spanish", "spanish"),
    "et": ("Estonian", ""),
    "eu": ("Basque", "basque"),
    "fi": ("Finnish", "finnish"),
    "fr": ("French", "french"),
    "ga": ("Irish", "irish"),
    "he": ("Hebrew", ""),
    "hr": ("Croatian", ""),
    "hu": ("Hungarian", "hungarian"),
    "hy": ("Armenian", "armenian"),
    "is": ("Icelandic", ""),
    "it": ("Italian", "italian"),
    "ja": ("Japanese", ""),
    "ka": ("Georgian", ""),
    "lt": ("Lithuanian", "lithuanian"),
    "lv": ("Latvian", ""),
    "mk": ("Macedonian", ""),
    "mt": ("Maltese", ""),
    "nl": ("Dutch", "dutch"),
    "no": ("Norwegian", "norwegian"),
    "pl": ("Polish", ""),
    "pt": ("Portuguese", "portuguese"),
    "rm": ("Romansh", ""),
    "ro": ("Romanian", "romanian"),
    "ru": ("Russian", "russian"),
    "sk": ("Slovak", ""),
    "sl": ("Slovenian", ""),
    "sq": ("Albanian", ""),
    "sr": ("Serbian", "serbian"),
    "sv": ("Swedish", "swedish"),
    "tr": ("Turkish", "turkish"),
    "uk": ("Ukrainian", ""),
    "zh": ("Chinese", ""),
    "mul": ("Several languages", ""),
    "und": ("Not known", ""),
}
LANGUAGES = [(code, name) for code, (name, _) in _LANGUAGES.items()]
# As people look for them; what is no language last.
BY_NAME = sorted(LANGUAGES, key=lambda row: (row[0] in ("mul", "und"), row[1]))


def config_of(language: str) -> str:
    """PostgreSQL's text search configuration for a language; of one that it does not know, words as they stand."""
    return _LANGUAGES.get(language, ("", ""))[1] or "simple"


def configs() -> set[str]:
    return {config_of(code) for code in _LANGUAGES}
