"""Minutes in the words of a language, for print. A language without words here is printed in English."""

from operations.sealing import words as common
from operations.sealing.words import FALLBACK, Words

__all__ = ["FALLBACK", "VOCABULARIES", "Words", "of"]

_ENGLISH = {
    "minutes": "Minutes",
    "draft": "Draft: not agreed yet",
    "waiting": "Not agreed by all yet",
    "time": "Time",
    "attended": "Attended by",
    "opening": "Opening",
    "no_wording": "There are no minutes in this language. These are the ones agreed on ({language}):",
    "decision": "Decision",
    "action": "Action",
    "by": "by",
    "serves": "for",
    "agreed": "What each agency said",
    "awaited": "has not agreed yet",
    "agrees": "agrees",
    "annotates": "agrees, with an annotation",
    "annotation": "Annotation of {side}",
    "sealed": "Copy of {side}, {reference}. Sealed {at}.",
}
_GERMAN = {
    "minutes": "Protokoll",
    "draft": "Entwurf: noch nicht genehmigt",
    "waiting": "Noch nicht von allen genehmigt",
    "time": "Zeit",
    "attended": "Teilgenommen haben",
    "opening": "Eröffnung",
    "no_wording": "In dieser Sprache gibt es kein Protokoll. Genehmigt ist dieses ({language}):",
    "decision": "Beschluss",
    "action": "Auftrag",
    "by": "bis",
    "serves": "zu",
    "agreed": "Genehmigung",
    "awaited": "hat noch nicht genehmigt",
    "agrees": "genehmigt",
    "annotates": "genehmigt mit einer Anmerkung",
    "annotation": "Anmerkung von {side}",
    "sealed": "Exemplar von {side}, {reference}. Versiegelt {at}.",
}
_FRENCH = {
    "minutes": "Procès-verbal",
    "draft": "Projet : pas encore approuvé",
    "waiting": "Pas encore approuvé par tous",
    "time": "Date et heure",
    "attended": "Participants",
    "opening": "Ouverture",
    "no_wording": "Il n'y a pas de procès-verbal dans cette langue. Voici celui qui est approuvé ({language}) :",
    "decision": "Décision",
    "action": "Mesure",
    "by": "avant la fin du",
    "serves": "au titre de",
    "agreed": "Approbation",
    "awaited": "n'a pas encore approuvé",
    "agrees": "approuve",
    "annotates": "approuve, avec une annotation",
    "annotation": "Annotation de {side}",
    "sealed": "Exemplaire de {side}, {reference}. Scellé {at}.",
}
_ITALIAN = {
    "minutes": "Verbale",
    "draft": "Bozza: non ancora approvata",
    "waiting": "Non ancora approvato da tutti",
    "time": "Data e ora",
    "attended": "Partecipanti",
    "opening": "Apertura",
    "no_wording": "Non c'è un verbale in questa lingua. Questo è quello approvato ({language}):",
    "decision": "Decisione",
    "action": "Incarico",
    "by": "entro il",
    "serves": "per",
    "agreed": "Approvazione",
    "awaited": "non ha ancora approvato",
    "agrees": "approva",
    "annotates": "approva con un'annotazione",
    "annotation": "Annotazione di {side}",
    "sealed": "Esemplare di {side}, {reference}. Sigillato {at}.",
}


VOCABULARIES = {
    code: Words(common.of(code).codes, {**common.of(code).phrases, **phrases})
    for code, phrases in (("en", _ENGLISH), ("de", _GERMAN), ("fr", _FRENCH), ("it", _ITALIAN))
}


def of(language: str) -> Words:
    """The words of the language, or English ones."""
    return VOCABULARIES.get(language, VOCABULARIES[FALLBACK])
