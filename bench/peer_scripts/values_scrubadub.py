"""scrubadub on values, with the detectors that it runs by itself for American English."""

import values_common

values_common.quiet()

import scrubadub  # noqa: E402 - after silencing


def main():
    """Answer."""
    options = values_common.asked()
    scrubber = scrubadub.Scrubber(locale="en_US")
    if options.custom:
        add(scrubber)

    def find(text, _):
        for filth in scrubber.iter_filth(text):
            for one in getattr(filth, "filths", None) or [filth]:
                yield one.beg, one.end, getattr(one, "mine", None) or one.type

    if options.question == "texts":
        values_common.answer_texts(find, options.seconds)
    else:
        values_common.answer_cells(find, options.seconds)


def add(scrubber):
    """Add rules of one's own, as its documentation teaches."""
    import values_custom

    for number, (name, pattern) in enumerate(values_custom.COMPILED):
        filth = type(f"Filth{number}", (scrubadub.filth.Filth,), {"type": name, "mine": name})
        detector = type(
            f"Detector{number}",
            (scrubadub.detectors.RegexDetector,),
            {"name": f"mine_{number}", "regex": pattern, "filth_cls": filth},
        )
        scrubber.add_detector(detector)


if __name__ == "__main__":
    main()
