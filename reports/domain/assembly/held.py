"""What stays while a source is being mended: its passages are neither out of date nor without a source."""


def is_held(stored, fresh, mended):
    """Whether the sources differ in nothing but in what was returned and has not come back.

    Shape:   ([source taken], [source now], {(kind, pk)}) -> bool
    """
    rest = _without(stored, mended)
    return rest != _without(stored, frozenset()) and rest == _without(fresh, mended)


def _without(sources, mended):
    return [row for source in sources if (row := _rest(source, mended))]


def _rest(source, mended):
    """A source without what is being mended, None where nothing is left; of a bloc's sum the reports in it."""
    if (source["kind"], source["pk"]) in mended:
        return None
    if source["kind"] != "bloc" or not source["part"]:
        return source
    rows = [row for row in source["part"].split(";") if ("unit_report", int(row.partition("=")[0])) not in mended]
    return {**source, "text": "", "part": rows} if rows else None
