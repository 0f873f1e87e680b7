"""What must be true of every release that a case's record tells of, read off the entries alone.

It is written apart from the room's own code on purpose: a slip there does not repeat itself here. It knows the
entries, the officers' roles as words, and nothing of folds, steps or weighing.
"""

from datetime import datetime, timedelta

CHANGES = {
    "disclosure.identified",
    "disclosure.classified",
    "disclosure.fact-stated",
    "disclosure.held",
    "disclosure.hold-lifted",
    "disclosure.narrowed",
    "disclosure.exigent-opened",
    "disclosure.notice-withheld",
}
AT_A_DESK = {"front desk", "permit clerk", "oversight board"}
RECEIVING = {"disclosure.received", "disclosure.attached"}


def audit(entries):
    """Hold the entries of one case to what no sequence of commands may break."""
    for number, entry in enumerate(entries):
        if entry.actor.role in AT_A_DESK:
            allowed = RECEIVING if entry.actor.role != "oversight board" else {"disclosure.reviewed"}
            assert entry.kind in allowed, (entry.actor, entry.kind)
        if entry.kind in {"disclosure.release-intended", "disclosure.released"}:
            audit_leaving(entries[:number], entry)
        if entry.kind == "disclosure.exigent-opened":
            assert "supervisor" in entry.actor.role
            assert datetime.fromisoformat(entry.data["review_by"]) <= entry.at + timedelta(hours=24)
        if entry.kind == "disclosure.closed":
            audit_end(entries[:number])
    assert sum(entry.kind == "disclosure.released" for entry in entries) <= 1


def audit_leaving(before, entry):
    decided = last(before, "disclosure.decided")
    facts = dict(decided.data["facts"])
    since = [each for each in before if each.number > decided.number]
    assert decided.data["outcome"] == "release"
    assert not decided.data["failures"]
    assert not any(each.kind in CHANGES for each in since)
    assert not standing_holds(before)
    audit_ground(before, decided, facts)
    audit_people(before, since, entry, facts)


def audit_ground(before, decided, facts):
    """Hold a release to one of the five grounds, each with what makes it one."""
    role = facts["acting_role"]
    assert facts["gag"] == facts["held"] == facts["motion_pending"] == "no"
    assert facts["custody"] == "city"
    if facts["status"] == "yes":
        assert role in {"releaser", "privacy-officer"}
    if role == "releaser" and not is_consent(facts):
        audit_order(before, decided, facts)
    if role == "privacy-officer":
        assert all(
            facts[f"mandatory_authority.{each}"] == "yes"
            for each in ("compels", "current", "names_the_fields")
        )
    if role == "records-officer":
        assert (facts["public_record"], facts["exempt_fields"], facts["locator"]) == ("yes", "no", "no")
    if role == "supervisor":
        audit_emergency(before, facts)


def is_consent(facts):
    given = {
        each: facts.get(f"consent.{each}") for each in ("written", "specific", "by_the_subject", "revoked")
    }
    return given == {"written": "yes", "specific": "yes", "by_the_subject": "yes", "revoked": "no"}


def audit_order(before, decided, facts):
    confirmed = [
        each for each in before if each.data.get("what") == "order" and each.number < decided.number
    ][-1]
    assert "counsel" in confirmed.actor.role
    between = [each for each in before if confirmed.number < each.number < decided.number]
    assert not any(each.kind in {"disclosure.identified", "disclosure.classified"} for each in between)
    assert (facts["authentic"], facts["in_force"], facts["scope"]) == ("yes", "yes", "matched")
    matched = [
        each for each in before if each.data.get("fact") == "scope" and each.data["word"] == "matched"
    ][-1]
    assert "counsel" in matched.actor.role
    assert matched.number > last(before, "disclosure.narrowed").number
    by_a_court = facts["issuer"] in {"court", "grand-jury"}
    by_a_judge = facts["signer"] in {"judge", "magistrate", "clerk-of-court"}
    assert facts["enforced_by_court"] == "yes" or (by_a_court and by_a_judge)


def audit_emergency(before, facts):
    opened = [each for each in before if each.kind == "disclosure.exigent-opened"]
    assert facts["civil_immigration"] == "no"
    assert facts["status"] == "no"
    assert opened[-1].data["called_back"]
    assert opened[-1].data["minimum_only"]
    reviewed = [each for each in before if each.kind == "disclosure.reviewed"]
    assert all(each.data["finding"] == "more" for each in reviewed)


def audit_people(before, since, entry, facts):
    """Hold it to two people besides who planned, counsel's word where it takes it, and the role that releases."""
    planned = last(before, "disclosure.planned")
    approvals = [
        each for each in since if each.kind == "disclosure.approved" and each.number > planned.number
    ]
    people = {each.actor.id for each in approvals}
    roles = {each.data["role"] for each in approvals}
    is_emergency = facts["acting_role"] == "supervisor"
    assert planned.number > decided_number(before)
    assert planned.actor.id not in people
    assert len(people) >= (1 if is_emergency else 2)
    assert facts["acting_role"] in roles
    assert facts["acting_role"].partition("-")[0] in entry.actor.role
    assert planned.data["plan"] == entry.data["plan"]
    assert planned.data["subjects"] <= last(before, "disclosure.narrowed").data["subjects"]
    if facts["acting_role"] in {"releaser", "privacy-officer"}:
        words = [each for each in since if each.data.get("what") == "outcome"]
        assert any("counsel" in each.actor.role for each in words)


def audit_end(before):
    is_open = [each for each in before if each.kind == "disclosure.exigent-opened"]
    done = [each for each in before if each.kind == "disclosure.reviewed" and each.data["finding"] != "more"]
    if is_open and any(each.kind == "disclosure.released" for each in before):
        assert done


def standing_holds(before):
    standing = set()
    for each in before:
        if each.kind == "disclosure.held":
            standing.add(each.data["ground"])
        if each.kind == "disclosure.hold-lifted":
            standing.discard(each.data["ground"])
    return standing


def decided_number(before):
    return last(before, "disclosure.decided").number


def last(entries, kind):
    return [each for each in entries if each.kind == kind][-1]
