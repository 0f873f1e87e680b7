"""How a detector's answers on labelled sentences are scored."""

from bench.value_sets import Sentence, judge, judge_spans, score, theirs

HOUSE = frozenset({"address"})
NAME = frozenset({"full_name", "given_name", "family_name"})


def sentence(**changes):
    made = {
        "id": "research-1",
        "text": "Wendy Arkwell, 12 Elm Road, Lyon",
        "held": False,
        "cluster": "research-7",
        "wanted": (NAME, HOUSE),
        "barred": frozenset({"phone", "ssn"}),
        "spans": ((0, 13, "PERSON"), (15, 26, "STREET_ADDRESS"), (28, 32, "GPE")),
    }
    return Sentence(**{**made, **changes})


def said(start, end, *categories, counts=True):
    return (start, end, frozenset(categories), counts)


def test_any_category_of_a_group_is_right_and_the_others_are_missed():
    count = judge(sentence(), [said(0, 5, "given_name")])
    assert (count.found, count.missed, count.wrong) == (1, 1, 0)


def test_a_barred_category_is_one_false_alarm_however_often_it_is_said():
    count = judge(sentence(), [said(0, 5, "phone"), said(6, 9, "phone"), said(6, 9, "ssn")])
    assert count.wrong == 2


def test_a_kind_that_may_mean_something_right_is_no_false_alarm():
    assert judge(sentence(), [said(0, 5, "ssn", "full_name")]).wrong == 0


def test_a_kind_too_broad_to_be_blamed_is_never_wrong():
    assert judge(sentence(), [said(0, 5, "phone", counts=False)]).wrong == 0


def test_spans_are_right_where_they_overlap_one_of_their_type():
    counts = judge_spans(sentence(), [said(3, 8, "full_name"), said(15, 18, "phone")])
    assert (counts["PERSON"].found, counts["PERSON"].right) == (1, 1)
    assert (counts["STREET_ADDRESS"].missed, counts["PHONE_NUMBER"].wrong) == (1, 1)


def test_what_is_said_over_a_type_left_out_is_neither_right_nor_wrong():
    counts = judge_spans(sentence(), [said(28, 32, "address")])
    assert not any(count.right or count.wrong for count in counts.values())


def test_halves_are_scored_apart_and_silence_is_missed():
    asked = [sentence(), sentence(id="research-2", held=True, cluster="research-8")]
    scores = score({"research-1": [said(0, 13, "full_name"), said(15, 26, "address")]}, asked)
    assert scores["research, read"][0].f1 == 1
    assert scores["research, held out"][0].recall == 0


def test_a_peers_kinds_are_translated_and_what_means_nothing_is_passed_over():
    texts = {"research-1": {"kinds": ["PERSON"], "spans": [[0, 5, "PERSON"], [0, 5, "ORDINAL"]]}}
    assert theirs(texts) == {"research-1": [(0, 5, NAME, True)]}
