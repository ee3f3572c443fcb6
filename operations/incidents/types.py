"""Types of incidents, as CISE (data model 1.5.3) lists them: four lists, their words kept as they are exchanged."""

import re

_LISTS = {
    ("irregular_migration", "Irregular migration"): """
    IrregularBorderEntry EventRefusedBorderEntry IrregularEntryAttempt IrregularBorderExit RefusedBorderEntry
    IrregularExitAttempt IrregularStay FacilitatorInterception FacilitatorDisclosure
    InterceptionInThirdCountryTerritory Other
    """,
    ("law_infringement", "Law infringement"): """
    HumanTraffickingExploitationOfProstitutionOfOthers HumanTraffickingOtherFormsOfSexualExploitation
    HumanTraffickingForcedLabourOrServices HumanTraffickingSlaveryOrPracticesSimilarToSlavery
    HumanTraffickingServitude HumanTraffickingExploitationOfActivitiesAssociatedWithBeggingOrOfUnlawfulActivities
    HumanTraffickingRemovalOfOrgans HumanTraffickingOther DrugSmugglingMarihuana DrugSmugglingCocaine
    DrugSmugglingHashish DrugSmugglingCannabis DrugSmugglingHeroin DrugSmugglingAmphetamine
    DrugSmugglingMetamphetamine DrugSmugglingEcstasy DrugSmugglingOpium DrugSmugglingHallucinogens
    DrugSmugglingOtherDrugs GoodsSmugglingGoodsCarriedWithNoRequiredPermits GoodsSmugglingExciseGoods
    GoodsSmugglingCounterfeitedProducts GoodsSmugglingNaturalResourcesMinerals GoodsSmugglingThreatenedSpecies
    GoodsSmugglingCulturalHeritageGoods SmugglingInWasteAndOtherHazardousMaterialWaste
    SmugglingInWasteAndOtherHazardousMaterialChemical SmugglingInWasteAndOtherHazardousMaterialBiohazard
    SmugglingInWasteAndOtherHazardousMaterialRadioActive SmugglingInWasteAndOtherHazardousMaterialNuclear
    SmugglingInWasteAndOtherHazardousMaterialOtherDangerousSubstances
    SmugglingInWeaponAndRelatedAccessoriesArmsWeapons
    SmugglingInWeaponAndRelatedAccessoriesWeaponsOfMassDestruction SmugglingInWeaponAndRelatedAccessoriesAmmunition
    SmugglingInWeaponAndRelatedAccessoriesExplosives SmugglingInOtherMaterial
    OtherRelatedCrossBorderCriminalActivityStolenVehicle
    OtherRelatedCrossBorderCriminalActivityDocumentFalsificationFraud OtherRelatedCrossBorderCriminalActivityOther
    LawInfringementByVessels IllegalFlightOfAnAircraft LawInfringementByVehicles OtherAdministrativeOffense Other
    """,
    ("maritime_safety", "Maritime safety"): """
    Pollution Waste LostFoundContainers VTSRulesInfringement BannedShip InsuranceFailure ResultInspection
    PilotOrPortReport Fire Collision Medico Grounding Flooding List Capsizing EngineFailure StructuralFailure
    SteeringGearFailure ElectricalGeneratingSystemFailure NavigationEquipmentFailure CommunicationEquipmentFailure
    IncidentNatureAbandonShip IncidentNatureSinking DetainedShip Other
    """,
    ("crisis", "Crisis"): """
    NaturalDisasterTsunami NaturalDisasterEarthquake NaturalDisasterHeatWave NaturalDisasterWildFire
    NaturalDisasterFlood NaturalDisasterVolcanicEruption NaturalDisasterStorm NaturalDisasterSnowStorm
    NaturalDisasterTropicalStorm NaturalDisasterLightningStrike NaturalDisasterLandslide NaturalDisasterAvalanche
    NaturalDisasterOutbreakOfInfectiousDiseaseAndOtherBioHazard NaturalDisasterOther ManMadeDisasterManMadeFire
    ManMadeDisasterManMadeExplosion ManMadeDisasterMaritimeAccident ManMadeDisasterAircraftAccident
    ManMadeDisasterRadiation ManMadeDisasterOilPollution ManMadeDisasterWastePollution
    ManMadeDisasterAnyOtherManMadeDisaster ViolenceAssassination ManMadeDisasterTerroristAttack ViolenceBombing
    ViolenceDisorderProtestMutiny ViolenceAirMissileAttack ViolenceBioChemicalAttack ViolenceHeavyWeaponsFire
    ViolenceShooting ViolenceStabbing ViolencePhysicalAttack ViolenceExecution ViolenceVandalism ViolenceRobbery
    ViolenceKidnappingHostageTaking MinesExplosives ArmedConflict HumanitarianCrisis Other
    """,
}
# Words that run together in the standard, parted for readers.
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*")


def _words(value: str) -> str:
    """`IrregularBorderEntry` as it is read: "Irregular border entry"."""
    parts = _PARTS.findall(value)
    return " ".join([parts[0], *(part if part.isupper() and len(part) > 1 else part.lower() for part in parts[1:])])


# Under the name of each list: (what is kept, how it is read). What is kept names the list: "Other" is in all.
GROUPS: list[tuple[str, list[tuple[str, str]]]] = [
    (label, [(f"{name}:{value}", _words(value)) for value in values.split()])
    for (name, label), values in _LISTS.items()
]
LABELS = {value: f"{label}: {words.lower()}" for label, group in GROUPS for value, words in group}
CHOICES = list(LABELS.items())


def label_of(value: str) -> str:
    return LABELS.get(value, value)
