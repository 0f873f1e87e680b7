"""``curtilage disclosure``: outside requests, answered by one procedure."""

from __future__ import annotations

from typing import Final

import click

from curtilage.cli.lazy import LazyGroup

#: By heading: command, the module and attribute that hold it, and the line that help shows; one line each.
SECTIONS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "When somebody asks": {
        "open": (
            "curtilage.cli.disclosure_open:open_",
            "Somebody asked: record it, and be told what to say.",
        ),
        "attach": ("curtilage.cli.disclosure_intake:attach", "Add a scan to a case, sealed."),
        "intake": (
            "curtilage.cli.disclosure_intake:intake",
            "Take what a reviewer read from a paper, as a form.",
        ),
        "hints": ("curtilage.cli.disclosure_hints:hints", "What a paper's own words hint at."),
        "paper": ("curtilage.cli.disclosure_intake:paper", "Take a sealed scan out of its case again."),
    },
    "The case": {
        "cases": (
            "curtilage.cli.disclosure_case:cases",
            "Which requests there are, and what waits for whom.",
        ),
        "show": ("curtilage.cli.disclosure_case:show", "One case as it stands, and what happened in it."),
        "identify": ("curtilage.cli.disclosure_case_facts:identify", "Say who issued and signed a paper."),
        "classify": (
            "curtilage.cli.disclosure_case_facts:classify",
            "Say what a paper is, or what is asked.",
        ),
        "state": ("curtilage.cli.disclosure_case_facts:state", "State facts of a case."),
        "assign": ("curtilage.cli.disclosure_case_facts:assign", "Say who answers for a case."),
        "hold": ("curtilage.cli.disclosure_case_facts:hold", "Hold a case: nothing leaves."),
        "lift": ("curtilage.cli.disclosure_case_facts:lift", "Lift the hold of a case."),
        "emergency": (
            "curtilage.cli.disclosure_case_answers:emergency",
            "State an emergency, as a supervisor.",
        ),
        "preserve": (
            "curtilage.cli.disclosure_notice:preserve",
            "Keep what a case is about from being destroyed.",
        ),
    },
    "Policy and counsel": {
        "rule": (
            "curtilage.cli.disclosure_case_answers:rule",
            "Ask policy about a case, and record its answer.",
        ),
        "confirm": (
            "curtilage.cli.disclosure_case_answers:confirm",
            "Confirm an order or an answer, as counsel.",
        ),
        "narrow": ("curtilage.cli.disclosure_case_facts:narrow", "Say how far an answer goes."),
        "object": (
            "curtilage.cli.disclosure_case_answers:object_",
            "Record that the city objected in writing.",
        ),
        "refuse": (
            "curtilage.cli.disclosure_case_answers:refuse",
            "Record that the city declined in writing.",
        ),
        "answer": ("curtilage.cli.disclosure_case_answers:answer", "Record another answer."),
        "review": ("curtilage.cli.disclosure_case_answers:review", "Record the review of an emergency."),
        "close": ("curtilage.cli.disclosure_case_answers:close", "Close a case."),
    },
    "What leaves": {
        "plan-release": (
            "curtilage.cli.disclosure_release:plan_release",
            "Plan what would leave: fields and counts.",
        ),
        "approve": ("curtilage.cli.disclosure_release:approve", "Read a plan, and approve it."),
        "release": ("curtilage.cli.disclosure_release:release", "Release what two people approved."),
        "released": ("curtilage.cli.disclosure_release:released", "What left, to be printed."),
    },
    "Letters, times, notices": {
        "clocks": (
            "curtilage.cli.disclosure_clocks:clocks",
            "What is due in which case, by when and for whom.",
        ),
        "letter": (
            "curtilage.cli.disclosure_letters:letter",
            "The letter that a case needs, for counsel to edit.",
        ),
        "notify": ("curtilage.cli.disclosure_notice:notify", "Record that somebody was told of a request."),
        "withhold-notice": (
            "curtilage.cli.disclosure_notice:withhold_notice",
            "Record the order that forbids telling.",
        ),
    },
    "The rules": {
        "decide": ("curtilage.cli.disclosure_decide:decide", "What policy answers to a request, and why."),
        "table": ("curtilage.cli.disclosure_pages:table", "The whole decision table, for the policy manual."),
        "card": ("curtilage.cli.disclosure_pages:card", "The pocket card for front desks."),
        "packs": ("curtilage.cli.disclosure_packs:packs", "Which packs of law there are."),
        "sign-pack": ("curtilage.cli.disclosure_packs:sign_pack", "Sign a pack, as the city's counsel."),
        "prove": (
            "curtilage.cli.disclosure_prove:prove",
            "Prove what the rules guarantee, over all requests.",
        ),
        "activate": (
            "curtilage.cli.disclosure_prove:activate",
            "Let a signed set of rules decide, once it is proved.",
        ),
    },
    "What the public sees": {
        "counts": ("curtilage.cli.disclosure_counts:counts", "Public statistics, small counts hidden."),
        "report": ("curtilage.cli.disclosure_counts:report", "The reports that statutes ask for."),
        "hand-in": ("curtilage.cli.disclosure_hand_in:hand_in", "Record that a report was handed in."),
        "handed-in": (
            "curtilage.cli.disclosure_hand_in:handed_in",
            "Which reports were handed in, and which are due.",
        ),
    },
}


@click.group(cls=LazyGroup, sections=SECTIONS, short_help="Answer outside requests by policy, with reasons.")
def disclosure() -> None:
    """Answer outside requests by policy, with reasons.

    Nobody at a desk decides alone: a request is classified, policy answers with what it cites, and counsel
    decides. What is not known is answered with a refusal.
    """
