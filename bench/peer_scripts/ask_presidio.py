"""Presidio's analyzer (patterns and context, no language model) on JSON lines; prints {id, kinds}."""

import json
import logging
import sys

logging.disable(logging.CRITICAL)

import spacy  # noqa: E402 - after silencing
from presidio_analyzer import AnalyzerEngine  # noqa: E402
from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: E402


class Blank(SpacyNlpEngine):
    """A tokenizer without a model, which cannot be downloaded everywhere."""

    def __init__(self):
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
        self.nlp = {"en": spacy.blank("en")}

    def load(self):
        """Load nothing."""

    def is_loaded(self):
        """Say so."""
        return True


engine = AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])
for line in sys.stdin:
    field = json.loads(line)
    found = engine.analyze(text=f"{field['name']}: {field['text']}", language="en")
    print(json.dumps({"id": field["id"], "kinds": sorted({one.entity_type for one in found})}))
