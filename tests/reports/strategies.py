"""Valid year files that nobody thought of."""

import unicodedata
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from blocs.domain.files import HANOI

SPELLED = [
    "07",
    "2.10",
    "no",
    "null",
    "~",
    "<<",
    "true",
    "1e3",
    "a:b",
    "#",
    "-",
    "2026-11-20",
    "Đ",
    "*x",
    "&x",
    "!x",
    "[a]",
    "{a: b}",
    "k v",
]
LETTERS = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="/")
VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậệộợựỳỷỹýỵĐƯƠ 0123456789-–“”'\":,.;#&*!?%@`|><=[]{}",
    min_size=1,
    max_size=25,
)


def _nfc(text):
    return unicodedata.normalize("NFC", text)


codes = st.one_of(
    st.sampled_from(SPELLED),
    st.from_regex(r"[a-zđ][a-z0-9đ._-]{0,10}", fullmatch=True),
    st.text(LETTERS, min_size=1, max_size=8),
).map(lambda text: _nfc(text).strip()).filter(lambda text: text and "/" not in text)  # fmt: skip
texts = st.one_of(VIETNAMESE, st.text(LETTERS, min_size=1, max_size=20)).map(_nfc).filter(lambda text: text.strip())
paragraphs = st.one_of(
    texts, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, [*range(9), *range(11, 32), *range(127, 160)]))), min_size=1, max_size=30)
).map(_nfc).filter(lambda text: text.strip())  # fmt: skip
figures = st.one_of(
    st.integers(-(10**15) + 1, 10**15 - 1).map(str),
    st.decimals(-(10**9) + 1, 10**9 - 1, places=6, allow_nan=False, allow_infinity=False).map(
        lambda number: f"{number:f}"
    ),
    st.sampled_from(["0", "-0", "0.10", "97.50", "007", "-0.000001", "999999999999999", "0.1"]),
)
shares = st.decimals(0, 100, places=2).map(lambda number: f"{number:f}")
counts = st.integers(0, 999_999_999).map(str)
small_counts = st.integers(0, 50).map(str)
MISSING = object()


def some(draw, chance=2):
    """Whether an optional key is there."""
    return draw(st.integers(0, chance)) == 0


def maybe(strategy):
    return st.one_of(st.just(MISSING), strategy, strategy)


def unique(strategy, *, least=0, most=4):
    return st.lists(strategy, min_size=least, max_size=most, unique=True)


def keep(**items):
    """A mapping without what is missing; sometimes null or nothing stands for it."""
    return {key.rstrip("_"): value for key, value in items.items() if value is not MISSING}


@st.composite
def days(draw, first, last):
    return first + timedelta(days=draw(st.integers(0, (last - first).days)))


@st.composite
def moments(draw, first, last):
    day = draw(days(first, last))
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return day.isoformat()
    moment = datetime(
        day.year,
        day.month,
        day.day,
        draw(st.integers(0, 23)),
        draw(st.integers(0, 59)),
        draw(st.integers(0, 59)),
        tzinfo=HANOI,
    )
    if kind == 1:
        return moment.replace(tzinfo=None).isoformat()
    if kind == 2:
        return moment.isoformat()
    return moment.replace(microsecond=draw(st.integers(0, 999_999)), tzinfo=None).isoformat()


def iso(strategy):
    return strategy.map(lambda day: day.isoformat())


@st.composite
def units(draw, starts_on, ends_on):
    names = draw(unique(codes, least=1, most=4))
    return [
        keep(
            code=code,
            name=draw(texts),
            short_name=draw(maybe(texts)),
            kind=draw(maybe(texts)),
            valid_from=draw(maybe(iso(days(date(1990, 1, 1), ends_on)))),
            valid_to=draw(maybe(iso(days(starts_on, date(2199, 1, 1))))) if some(draw) else MISSING,
            successor_of=draw(st.one_of(st.just(MISSING), st.lists(st.sampled_from(names), unique=True).map(lambda of, code=code: [one for one in of if one != code]))),
            letterhead=draw(maybe(st.builds(keep, superior=maybe(texts), name=maybe(texts), symbol=maybe(texts), place=maybe(texts)))),
        )
        for code in names
    ]  # fmt: skip


def ordered(entry, first, last):
    """Without the second of two days or moments where it lies before the first."""
    if first in entry and last in entry and entry[last] < entry[first]:
        del entry[last]
    return entry


@st.composite
def covenants(draw, members, near):
    pool = draw(unique(codes, most=3))
    pairs = [(code, of) for code in pool for of in [None, *members]]
    targets = draw(unique(st.sampled_from(pairs), most=4)) if pairs else []
    answers = {(code, of) for code, of in targets} | {
        (code, unit) for code, of in targets if of is None for unit in members
    }
    results = draw(unique(st.sampled_from(sorted(answers, key=str)), most=4)) if answers else []
    return keep(
        signed_on=draw(maybe(near)),
        goals=draw(maybe(st.lists(paragraphs, max_size=3).map(lambda goals: goals + goals[:1]))),
        targets=[
            keep(code=code, of=of or MISSING, text=draw(maybe(texts)), unit=draw(maybe(texts)), op=draw(maybe(st.sampled_from([">=", ">", "=", "<=", "<"]))), value=draw(maybe(figures)))
            for code, of in targets
        ],
        results=[keep(target=code, of=of, value=draw(maybe(figures)), note=draw(maybe(texts))) for code, of in results],
        solutions=draw(maybe(st.lists(paragraphs, max_size=2))),
        signatures=[keep(unit=unit, signed_on=draw(maybe(near))) for unit in draw(unique(st.sampled_from(members)))],
    )  # fmt: skip


@st.composite
def sizes(draw):
    """One or two ranges beside each other, the last one perhaps open."""
    numbers = draw(st.lists(st.integers(0, 99), min_size=4, max_size=4, unique=True))
    ends = [str(number) for number in sorted(numbers)]
    first = keep(ge=draw(st.sampled_from([MISSING, ends[0]])), le=ends[1], max=draw(small_counts))
    second = keep(ge=ends[2], le=draw(st.sampled_from([MISSING, ends[3]])), max=draw(small_counts))
    return draw(st.sampled_from([[first], [second], [first, second], [second, first]]))


@st.composite
def quotas(draw, award, names):
    how = draw(st.integers(0, 2))
    return keep(
        award=award,
        max=draw(small_counts) if how == 0 else MISSING,
        by_size=draw(sizes()) if how == 1 else MISSING,
        max_percent=draw(shares) if how == 2 else MISSING,
        base=draw(maybe(st.sampled_from(["all", "eligible", "remaining"]))),
        after=draw(maybe(unique(codes.filter(lambda code: code not in names), most=2))),
        rounding=draw(maybe(st.sampled_from(["floor", "half_up", "ceil"]))),
        shared_with=draw(maybe(unique(codes, most=2))),
        source=draw(maybe(texts)),
    )  # fmt: skip


@st.composite
def ballots(draw, name, members, awards):
    purpose = draw(st.sampled_from(["award", "head", "deputy", "adoption", "other"]))
    votes = st.builds(
        keep,
        for_=maybe(st.integers(0, 9).map(str)),
        against=maybe(st.integers(0, 9).map(str)),
        blank=maybe(st.integers(0, 9).map(str)),
    )
    return keep(
        id=name,
        purpose=purpose,
        award=draw(st.sampled_from(awards)) if purpose == "award" or some(draw) else MISSING,
        method=draw(maybe(st.sampled_from(["secret", "named", "hands"]))),
        voters=draw(maybe(st.integers(50, 90).map(str))),
        present=draw(maybe(st.integers(27, 50).map(str))),
        seats=draw(maybe(small_counts)),
        threshold=draw(maybe(st.builds(keep, percent=shares, op=maybe(st.sampled_from([">", ">="])), base=maybe(st.sampled_from(["voters", "present", "valid"]))))),
        tally=draw(maybe(st.dictionaries(st.sampled_from(members), votes, max_size=3))),
        invalid=draw(maybe(small_counts)),
    )  # fmt: skip


def recognition(unit, award, recipients, count, direct):
    entry = keep(unit=unit, award=award, recipients=recipients, count=count, direct_workers=direct)
    if "count" in entry and int(entry.get("direct_workers", "0")) > int(entry["count"]):
        del entry["direct_workers"]
    return entry


@st.composite
def blocs(draw, code, members, awards, first, last, ends_on):
    near, until_the_end = iso(days(first, last)), iso(days(first, ends_on))
    near_moments = moments(first, last - timedelta(days=1))
    lists = st.dictionaries(st.sampled_from(awards), unique(st.sampled_from(members), most=3), max_size=2)
    office = draw(st.permutations(members))
    has_head = draw(st.booleans())
    proposed = draw(maybe(lists))
    leaders = draw(st.permutations(members))
    return keep(
        code=code,
        name=draw(texts),
        kind=draw(st.sampled_from(["khoi", "cum"])),
        type=draw(maybe(texts)),
        motto=draw(maybe(texts)),
        members=members,
        head=office[0] if has_head else draw(st.sampled_from([MISSING, None])),
        deputies=list(office[1 : 1 + draw(st.integers(0, 2))]),
        supervisor=draw(maybe(texts)),
        quotas=draw(maybe(unique(st.sampled_from(awards), most=2).flatmap(lambda names: st.tuples(*(quotas(name, names) for name in names)).map(list)))),
        milestones=[
            keep(code=name, due=draw(maybe(near)), locks=MISSING) if draw(st.booleans()) else keep(code=name, locks=draw(maybe(near_moments)))
            for name in draw(unique(st.one_of(codes, st.sampled_from(["unit-report", "summary-report"])), most=3))
        ],
        registrations=[keep(unit=unit, awards=draw(maybe(unique(codes, most=2)))) for unit in draw(unique(st.sampled_from(members)))],
        covenant=draw(maybe(covenants(members, until_the_end))),
        received=[
            keep(unit=unit, kind=kind, at=draw(near_moments))
            for unit, kind in draw(unique(st.tuples(st.sampled_from(members), st.one_of(codes, st.sampled_from(["unit-report", "summary-report"]))), most=3))
        ],
        report=draw(maybe(st.builds(keep, leading=maybe(st.lists(paragraphs, max_size=3)), causes=maybe(st.lists(paragraphs, max_size=2)), adopted_on=maybe(near)))),
        recognitions=draw(maybe(st.lists(st.builds(recognition, st.sampled_from(members), st.sampled_from(awards), maybe(st.sampled_from(["collective", "individual"])), maybe(counts), maybe(small_counts)), max_size=4))),
        holds=draw(maybe(st.lists(st.builds(lambda **entry: ordered({"from" if key == "from_" else key: value for key, value in entry.items() if value is not MISSING}, "from", "to"), unit=st.sampled_from(members), code=codes, from_=maybe(near), to=maybe(near), document=maybe(texts)), max_size=3))),
        ballots=[draw(ballots(name, members, awards)) for name in draw(unique(codes, most=2))],
        withdrawals=[keep(unit=unit, award=award, reason=draw(maybe(texts))) for unit, award in draw(unique(st.tuples(st.sampled_from(members), st.sampled_from(awards)), most=2))],
        proposed=proposed,
        proposed_counts={award: draw(counts) for award in draw(unique(st.sampled_from(awards))) if proposed is MISSING or not proposed.get(award)},
        awarded=draw(maybe(lists)),
        decisions=[keep(number=number, dated=draw(maybe(near)), issuer=draw(maybe(texts)), awards=draw(maybe(lists))) for number in draw(unique(texts, most=2))],
        next_head=draw(st.sampled_from([MISSING, leaders[0]])),
        next_deputies=list(leaders[1 : 1 + draw(st.integers(0, 2))]),
    )  # fmt: skip


@st.composite
def movements(draw, name, members, near):
    indicators = draw(unique(codes, most=2))
    results = (
        draw(
            unique(
                st.tuples(st.sampled_from(indicators), st.sampled_from([None, *members]), st.one_of(st.none(), texts)),
                most=3,
            )
        )
        if indicators
        else []
    )
    return ordered(
        keep(
            code=name,
            name=draw(texts),
            launched_by=draw(maybe(st.sampled_from(["pm", "ministry", "province", "front", "bloc", "unit"]))),
            launched_on=draw(maybe(near)),
            ends_on=draw(maybe(near)),
            owner=draw(maybe(st.sampled_from(members))),
            coordinators=draw(maybe(unique(st.sampled_from(members)))),
            scope=draw(maybe(texts)),
            method=draw(maybe(texts)),
            indicators=[keep(code=code, text=draw(maybe(texts)), unit=draw(maybe(texts)), target=draw(maybe(figures))) for code in indicators],
            results=[keep(unit=unit, indicator=code, period=period, value=draw(maybe(figures))) for code, unit, period in results],
        ),
        "launched_on",
        "ends_on",
    )  # fmt: skip


@st.composite
def year_files(draw, *, authority="co-quan", year=None):
    """Plain data of a valid file: one to three blocs of one authority."""
    year = year or draw(st.integers(1991, 2100))
    is_school_year = draw(st.booleans())
    starts_on = date(year, 9, 1) if is_school_year else date(year, 1, 1)
    ends_on = date(year + 1, 5, 31) if is_school_year else date(year, 12, 31)
    first, last = starts_on - timedelta(days=30), ends_on + timedelta(days=30)
    near = iso(days(first, last))
    unit_entries = draw(units(starts_on, ends_on))
    known = [entry["code"] for entry in unit_entries]
    for entry in unit_entries:
        ordered(entry, "valid_from", "valid_to")
    awards = draw(unique(st.one_of(st.sampled_from(["CTDT", "CTDCP", "BKT"]), codes), least=1, most=3))
    bloc_entries, tiers = [], {}
    for code in draw(unique(codes, least=1, most=3)):
        parent = draw(st.sampled_from(list(tiers))) if tiers and some(draw) else None
        tier = tiers[parent] + 1 if parent else 0
        taken = {unit for entry in bloc_entries if tiers[entry["code"]] == tier for unit in entry["members"]}
        free = [unit for unit in known if unit not in taken]  # a unit belongs to one bloc of a tier
        if free:
            entry = draw(blocs(code, draw(unique(st.sampled_from(free), least=1)), awards, first, last, ends_on))
            bloc_entries.append(entry | {"parent": parent} if parent else entry)
            tiers[code] = tier
    bloc_codes = list(tiers)
    return keep(
        format="emulation-year/1",
        year=str(year),
        label=f"{year}-{year + 1}" if is_school_year else draw(maybe(st.just(str(year)))),
        starts_on=starts_on.isoformat() if is_school_year else draw(maybe(st.just(starts_on.isoformat()))),
        ends_on=ends_on.isoformat() if is_school_year else draw(maybe(st.just(ends_on.isoformat()))),
        theme=draw(maybe(texts)),
        authority=keep(code=authority, name=draw(texts), council=draw(maybe(texts)), place=draw(maybe(texts)), header=draw(maybe(st.sampled_from(["state", "party"])))),
        units=unit_entries,
        blocs=bloc_entries,
        movements=[draw(movements(name, known, near)) for name in draw(unique(codes, most=2))],
        conferences=[
            keep(bloc=draw(st.sampled_from([MISSING, None, *bloc_codes])), kind=draw(st.sampled_from(["covenant", "mid_year", "briefing", "year_end"])), held_on=draw(maybe(near)), attended=draw(maybe(unique(st.sampled_from(known)))), guests=draw(maybe(st.lists(paragraphs, max_size=2))), directions=draw(maybe(st.lists(paragraphs, max_size=2))))
            for _ in range(draw(st.integers(0, 3)))
        ],
    )  # fmt: skip


# ---------------------------------------------------------------- spoiling a valid file

JUNK = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "x", "-1", "1e9", "nan", "07", "0001-01-01", "9999-12-31", "2026-02-30", "a/b", "9" * 30, "\u0000", "9999-12-31T23:59:59-14:00"]),
    st.lists(st.sampled_from(["x", "hoi"]), max_size=3),
    st.just({"x": "y"}),
    st.just([{"x": [{}]}]),
    st.text(max_size=5),
    st.sampled_from(["z" * 70, "z" * 400, "z" * 70_000]),
)  # fmt: skip


def places(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))


@st.composite
def spoiled_files(draw):
    """A valid file after one to three blind changes."""
    data = draw(year_files())
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from([path for path in places(data) if path]))
        owner = data
        for step in way:
            owner = owner[step]
        act = draw(st.sampled_from(["drop", "junk", "twin", "rename", "wrap"]))
        if act == "drop":
            del owner[last]
        elif act == "junk":
            owner[last] = draw(JUNK)
        elif act == "wrap":
            owner[last] = [owner[last]]
        elif act == "twin" and isinstance(owner, list):
            owner.insert(last, owner[last])
        elif isinstance(owner, dict):
            owner[draw(st.sampled_from(["x", "name", "code", "unit", "head", "begins_on", "rules"]))] = owner.pop(last)
    return data
