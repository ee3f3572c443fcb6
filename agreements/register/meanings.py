"""What each treaty action means, in a sentence, and the sign that the UN Treaty Collection puts beside its date.

After the glossary of the United Nations Treaty Collection and the Vienna Convention on the Law of Treaties (VCLT).
"""

from agreements.register.choices import ActionKind

K = ActionKind
# As the UN Treaty Collection prints them; ratification and signature have none.
SIGNS: dict[ActionKind, str] = {
    K.ACCESSION: "a",
    K.ACCEPTANCE: "A",
    K.APPROVAL: "AA",
    K.FORMAL_CONFIRMATION: "c",
    K.SUCCESSION: "d",
    K.PROVISIONAL_APPLICATION: "n",
    K.CONSENT: "P",
    K.PARTICIPATION: "P",
    K.DEFINITIVE_SIGNATURE: "s",
}
MEANINGS: dict[ActionKind, str] = {
    K.INITIALLING: "Negotiators put their initials to the text that they agreed on. It binds nobody.",
    K.ADOPTION: "Form and content of the text are settled. It binds nobody (VCLT Art. 9).",
    K.OPENING: "From this day on states may sign, at the place and until the last day named.",
    K.SIGNATURE: "A state signs and has still to ratify. It must not defeat the aim of the agreement meanwhile (VCLT Art. 18).",
    K.DEFINITIVE_SIGNATURE: "A signature that binds by itself, with no ratification to follow (VCLT Art. 12).",
    K.RATIFICATION: "A signatory declares itself bound, mostly after its parliament agreed (VCLT Art. 14).",
    K.ACCEPTANCE: "Like ratification, under another name (VCLT Art. 14).",
    K.APPROVAL: "Like ratification, under another name (VCLT Art. 14).",
    K.FORMAL_CONFIRMATION: "What ratification is for states, for an international organisation.",
    K.ACCESSION: "A state that did not sign becomes a party (VCLT Art. 15).",
    K.SUCCESSION: "A state takes the place of another that was a party.",
    K.CONSENT: "Consent to be bound in a form that the agreement names itself (VCLT Art. 11).",
    K.PARTICIPATION: "A state takes part by a notice to the depositary, as some agreements provide.",
    K.PROVISIONAL_APPLICATION: "The agreement, or some articles, are applied before it is in force; it ends by notice (VCLT Art. 25).",
    K.ENTRY_INTO_FORCE: "It becomes law: as a whole, or for one party. Record it only where no condition computes the day; what is recorded wins.",
    K.RESERVATION: "A party excludes articles, data or a direction for itself, or lowers a ceiling (VCLT Art. 19).",
    K.OBJECTION: "A party does not accept another's reservation: the article is cut between the two (VCLT Art. 20, 21).",
    K.DECLARATION: "A party says how it understands the agreement or the articles named. It changes no right.",
    K.NOTIFICATION: "A message to the depositary that has no other name here.",
    K.TERRITORIAL_APPLICATION: "A party extends the agreement to a territory (VCLT Art. 29).",
    K.TERRITORIAL_EXCLUSION: "A party takes a territory out of the agreement (VCLT Art. 29).",
    K.REGISTRATION: "It is registered with the United Nations, with number and volume (UN Charter Art. 102).",
    K.AMENDMENT: "The parties agree to change it. The new articles stand in the amending instrument (VCLT Art. 40).",
    K.MODIFICATION: "Some of the parties change it between themselves alone (VCLT Art. 41).",
    K.RECTIFICATION: "A fact is on record that never was: it is struck once the parties confirm that (VCLT Art. 79).",
    K.EXTENSION: "The parties let it run beyond its last day.",
    K.NON_RENEWAL: "A party does not want it to renew itself: it ends with the term, if the notice comes in time.",
    K.SUSPENSION: "A party stops applying it for a time: all of it, some articles, or towards one party (VCLT Art. 57, 58).",
    K.LIFTING: "What was suspended, reserved or objected to works again.",
    K.DENUNCIATION: "A party gives notice that it leaves. It stays bound until the notice has run out (VCLT Art. 56).",
    K.WITHDRAWAL: "A party leaves an agreement of many; the others go on (VCLT Art. 54).",
    K.TERMINATION: "It ends for all parties (VCLT Art. 54).",
}
