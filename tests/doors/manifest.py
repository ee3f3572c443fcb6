"""Every door of the portal, and what may come through it. A door that is missing here fails the build.

A door is a URL name, a Celery task or a kind of outbox message. Add yours with the group it belongs to.
"""

import re

# Answers to anybody, and tells nothing of records.
PUBLIC = {
    "account_login", "account_logout", "account_inactive", "account_signup", "account_reauthenticate",
    "account_email", "account_email_verification_sent", "account_change_password", "account_set_password",
    "account_reset_password", "account_confirm_login_code", "account_confirm_email",
    "account_reset_password_from_key_done", "account_reset_password_from_key", "account_reset_password_done",
    "ui:health", "token",
}  # fmt: skip
# Signed-in pages without an object: lists, counts, feeds, forms. None may name a record that is hidden.
LISTS = {
    "ui:style", "ui:style-features", "ui:style-panel", "picture:home",
    "directory:agency-list", "directory:role-list", "directory:my-account", "directory:acting-choose",
    "register:agreement-list", "register:agreement-create", "sharing:record-list",
    "alerts:alert-list", "alerts:bell", "alerts:alert-see-all", "alerts:health",
    "planning:operation-list", "planning:operation-create", "planning:invitation-list",
    "patrols:patrol-list", "patrols:mine", "patrols:patrol-create",
    "meetings:meeting-list", "meetings:meeting-create", "sharing:audience-line", "oversight:ledger",
    "oversight:chain", "ledger-list", "records-list", "records-audience-preview", "standing-orders-list",
    "participations-list", "assignments-list", "compartments-list", "onward:request-list", "approvals:approval-list", "approvals-list", "distress:call-list", "distress:call-create", "distress-calls-list", "compelled-disclosures-list", "consent-requests-list", "sharing:compartment-list", "sharing:compartment-open", "patrols-list", "legs-list", "observations-list",
    "requests:request-list", "requests:ask", "requests:asked-list", "access-requests-list", "access-requests-bases", "asked-records-list",
    "hits:search", "hits:search-list", "hit-searches-list", "hit-entries-list", "hit-entries-clauses",
    "reports:report-list", "reports:report-create", "reports-list",
    "corrections:correction-list", "corrections-list",
    "importing:import-list", "importing:import-create", "importing:name-list", "importing:register-export",
    "imports-list", "import-rows-list", "country-names-list", "register-export-list",
    "schema", "docs", "countries-list", "agencies-list", "officers-list", "agreements-list", "appointments-list", "successions-list", "alerts-list", "alerts-all-seen",
    "operations-list", "operations-invitations", "operations-usable-clauses", "instructions-list", "meetings-list",
    "roles-list", "me", "records-held", "alerts-unread", "system-health", "ledger-chain", "patrols-mine",
}  # fmt: skip
# Where a hidden record may be told of: by reference, to who opened it before, and to nobody else (R16, R17).
RECALLS = {"alerts:alert-list", "alerts-list", "alerts:recall-detail", "alerts-detail"}
LEDGERS = {"oversight:ledger", "oversight:chain", "ledger-list", "ledger-chain"}
# Doors with a record's key: hidden and unknown are the same answer (R17).
RECORDS = {
    "sharing:record-detail", "sharing:record-release", "sharing:record-mark", "sharing:record-name", "sharing:record-confine", "sharing:held",
    "records-confine", "citations:record-citations", "citations:cite", "records-citations", "records-confine-preview", "onward:pass-on", "onward:record-panel", "records-onward",
    "requests:record-panel",
    "hits:record-panel", "hits:entry-create",
    "picture:operation-situation", "picture:operation-features",
    "planning:instruction-detail", "planning:operation-detail", "planning:operation-geojson",
    "planning:operation-edit", "planning:operation-open", "planning:operation-close",
    "planning:operation-archive", "planning:operation-cancel", "planning:invitation-create",
    "planning:invitation-accept", "planning:assignment-create", "planning:order-issue",
    "planning:instruction-take",
    "patrols:patrol-detail", "patrols:patrol-start", "patrols:patrol-end", "patrols:patrol-cancel",
    "patrols:patrol-geojson", "patrols:observation-create", "patrols:track-attach", "patrols:leg-create",
    "patrols:leg-detail", "patrols:leg-end", "patrols:leg-track", "patrols:leg-geojson",
    "patrols:observation-detail", "sharing:record-who", "sharing:record-why", "oversight:record-ledger",
    "meetings:operation-meetings", "meetings:meeting-detail", "meetings:meeting-change", "meetings:meeting-cancel",
    "meetings:meeting-rsvp", "meetings:meeting-calendar", "meetings:invitation-create",
    "meetings:invitation-accept", "meetings:assignment-create",
    "records-detail", "records-audience", "records-explain", "records-marking", "records-marking-preview",
    "records-named", "records-offers", "records-release-preview", "records-releases",
    "patrols-detail", "patrols-cancel", "patrols-end", "patrols-legs", "patrols-observations", "patrols-start",
    "operations-detail", "operations-open", "operations-close", "operations-archive", "operations-cancel",
    "operations-map", "operations-reach", "operations-invite", "operations-accept", "operations-assign",
    "operations-take-instructions", "instructions-detail",
    "meetings-detail", "meetings-cancel", "meetings-reach", "meetings-invite", "meetings-accept", "meetings-assign",
    "meetings-rsvp", "meetings-calendar", "records-ledger", "operations-situation",
    "patrols-track", "legs-detail", "legs-end", "legs-track", "observations-detail", "observations-photos",
    "reports:report-detail", "reports:report-geojson", "reports:report-change", "reports:report-withdraw",
    "reports:operation-reports", "reports-detail", "reports-withdraw",
    "compelled:record-compelled", "compelled:compelled-create", "corrections:record-corrections", "corrections:correction-create",
}  # fmt: skip
# Doors with another key: an agreement, an agency, a release, an alert, a photograph, a message.
OTHERS = {
    "directory:agency-detail", "register:agreement-detail", "register:agreement-put",
    "register:agreement-confirm", "register:action-create", "register:clause-create",
    "register:designation-create", "register:designation-withdraw", "sharing:release-revoke",
    "sharing:agreement-flows", "alerts:alert-open", "alerts:recall-detail", "alerts:alert-see", "alerts:message-replay",
    "planning:participation-end", "planning:assignment-end", "planning:order-revoke",
    "meetings:participation-end", "meetings:assignment-end", "records-revoke", "records-withdraw", "records-unname", "standing-orders-detail",
    "standing-orders-revoke", "sharing:compartment-detail", "citations:uncite", "citations-uncite", "approvals:approval-detail", "approvals:approval-approve", "approvals:approval-decline", "approvals:approval-take-back",
    "distress:call-detail", "distress:call-acknowledge", "distress:call-over", "distress:call-review", "distress-calls-detail", "distress-calls-acknowledge", "distress-calls-over", "distress-calls-review",
    "compelled-disclosures-detail",
    "requests:request-detail", "requests:request-withdraw", "requests:asked-detail", "requests:asked-refuse", "requests:asked-revoke",
    "access-requests-detail", "access-requests-withdraw", "asked-records-detail", "asked-records-answers", "asked-records-preview",
    "asked-records-approve", "asked-records-refuse", "asked-records-revoke",
    "hits:search-detail", "hits:entry-withdraw", "hit-searches-detail", "hit-entries-detail", "hit-entries-withdraw",
    "approvals-detail", "approvals-preview", "approvals-approve", "approvals-decline", "approvals-take-back",
    "onward:request-detail", "onward:request-consent", "onward:request-refuse",
    "onward:request-release", "onward:request-pass", "onward:request-end", "onward:request-take-back",
    "consent-requests-detail", "consent-requests-consent", "consent-requests-refuse", "consent-requests-release",
    "consent-requests-pass-on", "consent-requests-end", "consent-requests-take-back", "compartments-detail", "compartments-let-in", "compartments-put-out",
    "participations-detail", "assignments-detail", "observations-photo",
    "patrols:photo-image", "patrols:photo-thumbnail",
    "countries-detail", "agencies-detail", "officers-detail", "alerts-detail", "alerts-seen",
    "agreements-actions", "agreements-clause-withdraw", "agreements-clauses", "agreements-confirmations",
    "agreements-designation-withdraw", "agreements-designations", "agreements-detail", "agreements-flows",
    "agreements-put-to-parties", "agreements-timeline", "agreements-what-if", "agreements-clause-what-if", "agreements-designation-what-if", "agreements-designation-withdraw-what-if", "agreements-confirm-what-if", "appointments-detail", "appointments-end", "officers-link",
    "directory:agency-contacts", "directory:unit-create", "directory:agency-rule", "directory:unit-close", "agencies-open-unit", "agencies-close-unit", "directory:appointment-create", "directory:appointment-end",
    "directory:succession-propose", "directory:succession-detail", "directory:succession-accept", "directory:succession-drop",
    "successions-detail", "successions-accept", "successions-drop",
    "directory:officer-create", "directory:officer-link", "directory:officer-list",
    "operations-end-participation", "operations-end-what-if", "operations-unassign", "meetings-end-participation", "meetings-unassign",
    "system-message-replay",
    "corrections:correction-detail", "corrections:correction-accept", "corrections:correction-decline",
    "corrections:correction-withdraw", "corrections-detail", "corrections-accept", "corrections-decline",
    "corrections-withdraw",
    "importing:import-detail", "importing:import-columns", "importing:import-names", "importing:import-progress",
    "importing:import-check", "importing:import-start", "importing:import-cancel", "importing:import-resume",
    "importing:import-undo", "importing:import-rows", "importing:import-repair", "importing:row-detail",
    "importing:row-change", "importing:row-decide", "importing:name-forget",
    "imports-detail", "imports-columns", "imports-questions", "imports-check", "imports-start", "imports-cancel",
    "imports-resume", "imports-foresee-undo", "imports-rows", "imports-repair", "import-rows-detail", "import-rows-cells",
    "import-rows-decide", "country-names-detail",
}  # fmt: skip
TASKS = {
    "alerts.watch_agreements", "audit.seal", "outbox.dispatch", "outbox.forget_idempotency_keys", "outbox.sweep",
    "patrols.watch_overdue",
}  # fmt: skip
MESSAGES = {
    "alerts.deliver", "register.changed", "register.confirmed", "register.registered", "sharing.answered",
    "sharing.assigned", "sharing.invited", "sharing.released", "sharing.recalled", "meetings.changed", "meetings.reminder",
    "patrols.overdue", "approvals.asked", "approvals.decided", "distress.sent", "distress.acknowledged", "distress.over", "compelled.recorded", "onward.asked", "onward.decided", "onward.passed",
    "hits.searched", "requests.asked", "requests.decided", "requests.withdrawn", "requests.lapse",
    "corrections.proposed", "corrections.answered",
    "importing.work", "importing.ended",
}  # fmt: skip

# What a door with a record's key is made for, by the first word of its name. Other doors take any kind.
KINDS = {
    "planning": {"operation", "instruction"}, "operations": {"operation"}, "instructions": {"instruction"},
    "picture": {"operation"}, "patrols": {"patrol", "leg", "observation"}, "legs": {"leg"},
    "observations": {"observation"}, "meetings": {"meeting", "operation"}, "reports": {"report", "operation"},
}  # fmt: skip


def fits(name: str, kind: str) -> bool:
    """Whether a record of that kind can have this door at all."""
    return kind in KINDS.get(re.split("[:-]", name)[0], {kind})
