"""Presidio's analyzer on values: patterns, checks and context words, no language model.

The blank tokenizer is given lower-case lemmas, so that context words count, and the column's name is given
as context. Rules of one's own are ``PatternRecognizer``, as its documentation teaches.
"""

import values_common

values_common.quiet()

import spacy  # noqa: E402 - after silencing
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer  # noqa: E402
from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: E402
from spacy.language import Language  # noqa: E402

THRESHOLD = 0.5  # the kinder of those that were tried: with 0.35 its F1 is lower


@Language.component("lower_lemmas")
def lower_lemmas(document):
    """Give each word its lower case for a lemma."""
    for token in document:
        token.lemma_ = token.lower_
    return document


class Blank(SpacyNlpEngine):
    """A tokenizer without a model, which cannot be downloaded everywhere."""

    def __init__(self):
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
        self.nlp = {"en": spacy.blank("en")}
        self.nlp["en"].add_pipe("lower_lemmas")

    def load(self):
        """Load nothing."""

    def is_loaded(self):
        """Say so."""
        return True


def engine(*, custom):
    """Return an analyzer, with rules of one's own or without."""
    made = AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"], default_score_threshold=THRESHOLD)
    if custom:
        import values_custom

        for number, (name, pattern, sure, words) in enumerate(values_custom.RULES):
            made.registry.add_recognizer(
                PatternRecognizer(
                    supported_entity=name,
                    name=f"{name} {number}",
                    patterns=[Pattern(name, pattern, sure)],
                    context=words or None,
                    global_regex_flags=0,
                )
            )
    return made


def main():
    """Answer."""
    options = values_common.asked()
    analyzer = engine(custom=options.custom)

    def find(text, name):
        context = name.split("_") if name and not options.hidden else None
        for one in analyzer.analyze(text=text, language="en", context=context):
            yield one.start, one.end, one.entity_type

    if options.question == "texts":
        values_common.answer_texts(find, options.seconds)
    else:
        values_common.answer_cells(find, options.seconds)


if __name__ == "__main__":
    main()
