"""The demonstration's observation types: of the operation on Lake Constance, in the languages of its parties. Invented."""

from typing import Any

from agreements.sharing.models import Record
from operations.planning.demo import appointment, key_of
from operations.types import actions
from operations.types.definitions import read_types
from operations.types.models import Catalogue
from portal.ui import demo

OPERATION = "Lake Constance Autumn"


def _words(english: str, german: str, french: str, italian: str) -> dict[str, str]:
    return {"en": english, "de": german, "fr": french, "it": italian}


def _choice(key: str, *words: str) -> dict[str, Any]:
    return {"key": key, "labels": _words(*words)}


CHECK: dict[str, Any] = {
    "key": "vehicle_check", "base": "check", "quick": True,
    "labels": _words("Vehicle check", "Fahrzeugkontrolle", "Contrôle de véhicule", "Controllo di veicolo"),
    "fields": [
        {
            "key": "kind", "kind": "choice", "required": True,
            "labels": _words("Kind of vehicle", "Fahrzeugart", "Genre de véhicule", "Tipo di veicolo"),
            "choices": [
                _choice("car", "Car", "Personenwagen", "Voiture", "Automobile"),
                _choice("van", "Van", "Lieferwagen", "Camionnette", "Furgone"),
                _choice("lorry", "Lorry", "Lastwagen", "Camion", "Autocarro"),
                _choice("motorcycle", "Motorcycle", "Motorrad", "Moto", "Motocicletta"),
            ],
        },
        {
            "key": "plate", "kind": "text", "longest": 20, "personal": True,
            "labels": _words("Number plate", "Kennzeichen", "Plaque", "Targa"),
            "hints": _words("As it reads, with country", "Wie gelesen, mit Land", "Comme lue, avec pays", "Come letta, con paese"),
        },
        {
            "key": "persons", "kind": "whole", "minimum": 0, "maximum": 60, "required": True,
            "labels": _words("Persons in it", "Personen im Fahrzeug", "Personnes à bord", "Persone a bordo"),
        },
        {
            "key": "searched", "kind": "yes_no",
            "labels": _words("Searched", "Durchsucht", "Fouillé", "Perquisito"),
        },
    ],
}  # fmt: skip
BOAT: dict[str, Any] = {
    "key": "boat", "base": "sighting", "quick": True,
    "labels": _words("Boat", "Boot", "Bateau", "Barca"),
    "fields": [
        {
            "key": "course", "kind": "whole", "minimum": 0, "maximum": 359, "unit": "°",
            "labels": _words("Course", "Kurs", "Cap", "Rotta"),
        },
        {
            "key": "speed", "kind": "number", "minimum": 0, "maximum": 120, "unit": "km/h",
            "labels": _words("Speed", "Geschwindigkeit", "Vitesse", "Velocità"),
        },
        {
            "key": "signs", "kind": "choices",
            "labels": _words("What was noticed", "Auffälliges", "Constats", "Particolarità"),
            "choices": [
                _choice("no_lights", "No lights", "Ohne Licht", "Sans feux", "Senza luci"),
                _choice("low", "Low in the water", "Tief im Wasser", "Bas sur l’eau", "Basso sull’acqua"),
                _choice("landing", "Landing", "Anlegen", "Accostage", "Approdo"),
            ],
        },
    ],
}  # fmt: skip
GOODS: dict[str, Any] = {
    "key": "goods", "base": "other", "quick": False,
    "labels": _words("Goods found", "Warenfund", "Marchandises", "Merci trovate"),
    "fields": [
        {
            "key": "what", "kind": "choice", "required": True,
            "labels": _words("What", "Was", "Quoi", "Cosa"),
            "choices": [
                _choice("tobacco", "Tobacco", "Tabak", "Tabac", "Tabacco"),
                _choice("meat", "Meat", "Fleisch", "Viande", "Carne"),
                _choice("other", "Other", "Anderes", "Autre", "Altro"),
            ],
        },
        {
            "key": "weight", "kind": "number", "minimum": 0, "unit": "kg",
            "labels": _words("Weight", "Gewicht", "Poids", "Peso"),
        },
    ],
}  # fmt: skip


def load() -> int:
    """Two versions of the operation's types: the first without goods. How many are new."""
    operation = Record.objects.filter(pk=key_of(OPERATION)).first()
    if operation is None or Catalogue.objects.filter(record=operation).exists():
        return 0
    by = appointment("ch.commander")
    versions = ([CHECK, BOAT], [CHECK, BOAT, GOODS])
    for types in versions:
        row = actions.begin(operation=operation, by=by)
        row = actions.change(catalogue=row, revision=row.revision, by=by, types=read_types(types))
        actions.publish(catalogue=row, revision=row.revision, by=by)
    return len(versions)


def register() -> None:
    demo.register(demo.Step("observation types", 35, load))
